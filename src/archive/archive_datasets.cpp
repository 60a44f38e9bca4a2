#include "ntkflow/archive/archive_datasets.hpp"

#include "ntkflow/archive/names.hpp"
#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <tuple>

namespace ntkflow {
namespace {

std::string marker_of_snapshots() {
  return std::string(names::snapshot_markers);
}

// Datasets of a unit, one line each: path, shape, dimensions, meaning.
struct Member {
  std::string_view path;
  IndexList shape;
  std::vector<std::string> dimensions;
  std::string long_name;
  ElementType type = ElementType::real;
};

void add_members(Schema& schema, const std::string& marker, const std::vector<Member>& members) {
  for (const Member& member : members)
    schema.add({.path = std::string(member.path),
                .shape = member.shape,
                .dimensions = member.dimensions,
                .long_name = member.long_name,
                .marker = marker,
                .type = member.type});
}

void add_text(Schema& schema, std::string_view path, const std::string& long_name,
              std::string text) {
  const Index length = std::max<Index>(count_of(text), 1);
  schema.add({.path = std::string(path),
              .units = "",
              .long_name = long_name,
              .type = ElementType::text,
              .text_length = length,
              .contents = std::move(text)});
}

}  // namespace

void add_config(Schema& schema, std::string effective_text, std::string user_text) {
  add_text(schema, names::config_text, "effective job, every default written out",
           std::move(effective_text));
  add_text(schema, names::config_user_text, "job file as given", std::move(user_text));
}

void add_points(Schema& schema, const ArchiveSizes& sizes) {
  const auto [N, n, d] = std::tuple(sizes.reference, sizes.train, sizes.dimension);
  add_members(
      schema, names::stage_marker(names::stage_points),
      {{names::reference_points, {N, d}, {"reference", "component"}, "reference points"},
       {names::reference_weight, {N}, {"reference"}, "quadrature weights, of sum 1"},
       {names::train_points, {n, d}, {"train", "component"}, "training points"},
       {names::train_weight, {n}, {"train"}, "weights of the loss, of sum 1"},
       {names::reference_target, {N}, {"reference"}, "target at the reference points"},
       {names::train_target, {n}, {"train"}, "target at the training points, with its noise"}});
}

void add_kernel(Schema& schema, const ArchiveSizes& sizes,
                std::span<const std::string_view> which) {
  const Index n = sizes.train;
  // The second dimension is the same points again; HDF5 lets both use one scale.
  const std::vector<Member> known = {
      {names::kernel_ntk, {n, n}, {"train", "train"}, "analytic tangent kernel, infinite width"},
      {names::kernel_nngp, {n, n}, {"train", "train"}, "covariance of the outputs, infinite width"},
      {names::kernel_empirical, {n, n}, {"train", "train"}, "tangent kernel at t = 0"},
      {names::kernel_value, {n}, {"train"}, "network's output at the initial weights"}};
  std::vector<Member> chosen;
  for (const Member& member : known)
    if (std::find(which.begin(), which.end(), member.path) != which.end()) chosen.push_back(member);
  NTKFLOW_EXPECTS(chosen.size() == which.size());
  add_members(schema, names::stage_marker(names::stage_kernel), chosen);
}

void add_analytic_spectrum(Schema& schema, const ArchiveSizes& sizes) {
  const auto [N, n, K] = std::tuple(sizes.reference, sizes.train, sizes.modes);
  constexpr ElementType integer = ElementType::integer;
  add_members(
      schema, names::stage_marker(names::stage_analytic_spectrum),
      {{names::analytic_eigenvalue, {K}, {"mode"}, "eigenvalues over the input space, descending"},
       {names::analytic_eigenspace, {K}, {"mode"}, "equal for degenerate pairs", integer},
       {names::eigenfunction, {N, K}, {"reference", "mode"}, "eigenfunctions at reference points"},
       {names::eigenfunction_train, {n, K}, {"train", "mode"}, "eigenfunctions at training points"},
       {names::analytic_count, {1}, {"one"}, "pairs found; later columns are NaN", integer},
       {names::analytic_dropped, {1}, {"one"}, "pairs left out as rounding", integer}});
}

void add_closed_forms(Schema& schema, const ArchiveSizes& sizes, const ClosedFormSizes& forms) {
  constexpr ElementType integer = ElementType::integer;
  const std::string threshold = "ideal_threshold";
  std::vector<Member> members;
  const auto add = [&](std::string_view path, IndexList shape, std::vector<std::string> dimensions,
                       const char* meaning, ElementType type = ElementType::real) {
    members.push_back({path, std::move(shape), std::move(dimensions), meaning, type});
  };
  if (const Index D = forms.known_degrees; D > 0) {
    add(names::known_degree, {D}, {"degree"}, "degree of the harmonics", integer);
    add(names::known_eigenvalue, {D}, {"degree"}, "exact eigenvalue over the input space");
    add(names::known_multiplicity, {D}, {"degree"}, "number of harmonics of the degree");
  }
  if (const Index D = forms.approximated_degrees; D > 0) {
    add(names::approximation_eigenvalue, {D}, {"degree"},
        "approximation of the eigenvalues for high frequencies");
    add(names::approximation_angle, {sizes.reference}, {"reference"},
        "angle in which the approximate eigenfunctions are waves");
    if (const Index R = forms.arcs; R > 0) {
      add(names::approximation_local_frequency, {D, R}, {"degree", "arc"},
          "approximation of the local frequencies");
      add(names::local_frequency, {sizes.modes, R}, {"mode", "arc"},
          "fitted local frequencies of the eigenfunctions");
    }
  }
  const Index C = forms.thresholds;
  if (C > 0) add(names::ideal_threshold, {C}, {threshold}, "residual, relative to that at t = 0");
  if (const Index P = forms.parts; P > 0) {
    add(names::ideal_time, {C}, {threshold},
        "ideal flow from f = 0: first time of this residual over the input space");
    add(names::ideal_part_time, {P, C}, {"part", threshold},
        "ideal flow from f = 0: first time of this residual over a part of rho");
  }
  if (const Index H = forms.harmonics; H > 0) {
    add(names::harmonic_degree, {H}, {"harmonic"}, "degree of the harmonic", integer);
    add(names::harmonic_order, {H}, {"harmonic"}, "order of the harmonic", integer);
    add(names::harmonic_time_south, {H, C}, {"harmonic", threshold},
        "ideal flow of a harmonic: first time of this residual on the southern half");
    add(names::harmonic_time_north, {H, C}, {"harmonic", threshold},
        "ideal flow of a harmonic: first time of this residual on the northern half");
  }
  add_members(schema, names::stage_marker(names::stage_closed_forms), members);
}

void add_train_spectrum(Schema& schema, const ArchiveSizes& sizes) {
  const auto [n, M] = std::pair(sizes.train, sizes.train_modes);
  constexpr ElementType integer = ElementType::integer;
  add_members(
      schema, names::stage_marker(names::stage_train_spectrum),
      {{names::train_eigenvalue,
        {n},
        {"train_rank"},
        "eigenvalues of G/n (weighted: W^1/2 G W^1/2), descending"},
       {names::train_eigenspace, {M}, {"train_mode"}, "equal for degenerate pairs", integer},
       {names::train_eigenvector, {n, M}, {"train", "train_mode"}, "unit eigenvectors of G/n"},
       {names::train_count, {1}, {"one"}, "pairs found; later columns are NaN", integer}});
}

void add_trajectory(Schema& schema, const ArchiveSizes& sizes) {
  const auto [N, n, T] = std::tuple(sizes.reference, sizes.train, sizes.snapshots);
  const auto [K, M] = std::pair(sizes.modes, sizes.train_modes);
  constexpr ElementType integer = ElementType::integer;
  const std::string t(names::time_dimension);
  add_members(
      schema, marker_of_snapshots(),
      {{names::time, {T}, {t}, "time of the gradient flow"},
       {names::loss, {T}, {t}, "half the weighted mean squared residual, training points"},
       {names::train_norm, {T}, {t}, "norm of the residual, training points"},
       {names::reference_norm, {T}, {t}, "norm of the residual, input space"},
       {names::theta_distance, {T}, {t}, "distance of the weights from the initial ones"},
       {names::evaluations, {T}, {t}, "full-batch forward and backward passes so far"},
       {names::steps, {T}, {t}, "accepted steps so far", integer},
       {names::rejections, {T}, {t}, "rejected steps so far", integer},
       {names::step_size, {T}, {t}, "size of the next step"},
       {names::train_residual, {T, n}, {t, "train"}, "residual f - f* at training points"},
       {names::reference_residual, {T, N}, {t, "reference"}, "residual f - f* at reference points"},
       {names::projection, {T, K}, {t, "mode"}, "residual on the eigenfunctions"},
       {names::ideal_projection,
        {T, K},
        {t, "mode"},
        "exp(-sigma_i t) times that at t = 0, the flow's law"},
       {names::projected_deviation, {T, K}, {t, "mode"}, "norm of P_k (r_t - exp(-T t) r_0)"}});
  if (M == 0) return;
  add_members(
      schema, marker_of_snapshots(),
      {{names::train_projection,
        {T, M},
        {t, "train_mode"},
        "residual on sqrt(n) times the eigenvectors of G/n, mean over n"},
       {names::train_ideal_projection, {T, M}, {t, "train_mode"}, "its ideal law from t = 0"}});
}

void add_kernel_distance(Schema& schema) {
  add_members(schema, names::stage_marker(names::stage_kernel_distance),
              {{names::distance_reference, {1}, {"one"}, "||K_0 - K|| in L2(rho x rho)"},
               {names::distance_reference_norm, {1}, {"one"}, "||K|| in L2(rho x rho)"},
               {names::distance_train, {1}, {"one"}, "||K_0 - K|| on the training points, over n"},
               {names::distance_train_norm, {1}, {"one"}, "||K|| on the training points, over n"}});
}

void add_target(Schema& schema, const ArchiveSizes& sizes) {
  const Index K = sizes.modes;
  add_members(
      schema, names::stage_marker(names::stage_target),
      {{names::target_coefficient, {K}, {"mode"}, "<r_0, phi_i>"},
       {names::target_beyond, {K}, {"mode"}, "||(I - P_k) r_0||^2"},
       {names::target_kernel_norm, {K}, {"mode"}, "sum over i <= k of <r_0, phi_i>^2 / sigma_i"},
       {names::target_eigenvalue_law,
        {4},
        {"law"},
        "sigma_i as a power of i: factor, exponent, first and last i of the fit"},
       {names::target_decay_law,
        {4},
        {"law"},
        "||exp(-T t) r_0||^2 as a power of t: factor, exponent, first and last t of the fit"}});
}

void add_convergence(Schema& schema, const ArchiveSizes& sizes, Index thresholds) {
  const auto [D, K, R] = std::tuple(thresholds, sizes.modes, sizes.regions);
  add_members(schema, names::stage_marker(names::stage_convergence),
              {{names::convergence_threshold,
                {D},
                {"threshold"},
                "part of its start that a residual falls to"},
               {names::convergence_train, {D}, {"threshold"}, "first such time, training points"},
               {names::convergence_reference, {D}, {"threshold"}, "first such time, input space"},
               {names::convergence_mode,
                {D, K},
                {"threshold", "mode"},
                "first such time of the part in the eigenspace of phi_i"},
               {names::convergence_region,
                {D, R},
                {"threshold", "region"},
                "first such time in a region of rho"}});
}

void add_cost(Schema& schema, const ArchiveSizes& sizes) {
  const IndexList shape = {sizes.snapshots};
  const std::string t(names::time_dimension);
  constexpr ElementType integer = ElementType::integer;
  add_members(schema, marker_of_snapshots(),
              {{names::rebuilds, shape, {t}, "kernel matrices K_t built so far", integer},
               {names::lanczos_iterations, shape, {t}, "Lanczos steps with them so far", integer}});
  // Not under commit: no two runs take the same time, and equal runs shall have equal checksums.
  add_members(schema, "",
              {{names::seconds_evaluation, shape, {t}, "wall time in the network, s"},
               {names::seconds_linear_algebra,
                shape,
                {t},
                "wall time in Lanczos, corrections and decompositions, s"},
               {names::seconds_kernel, shape, {t}, "wall time in building K_t, s"},
               {names::seconds_communication, shape, {t}, "wall time in sending theta, s"},
               {names::seconds_archive, shape, {t}, "wall time in observing and storing, s"}});
}

void add_runs(Schema& schema) {
  constexpr Index capacity = 256;
  const auto text = [&](std::string_view path, Index length, const char* meaning) {
    schema.add({.path = std::string(path),
                .shape = {capacity},
                .dimensions = {"run"},
                .units = "",
                .long_name = meaning,
                .type = ElementType::text,
                .text_length = length});
  };
  const auto number = [&](std::string_view path, const char* units, const char* meaning) {
    schema.add({.path = std::string(path),
                .shape = {capacity},
                .dimensions = {"run"},
                .units = units,
                .long_name = meaning,
                .type = ElementType::integer});
  };
  number(names::run_number, "1", "1, 2, ...: which start of the program; 0: none yet");
  text(names::run_start, 20, "start, UTC");
  text(names::run_stop, 20, "end, UTC; empty when the run was killed");
  text(names::run_reason, 64, "why it ended; empty when it was killed");
  number(names::run_ranks, "1", "MPI ranks");
  text(names::run_hosts, 256, "hosts, in the order of their ranks");
  number(names::run_peak_memory, "byte", "largest peak memory of a rank");
}

}  // namespace ntkflow
