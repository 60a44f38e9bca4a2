#include "ntkflow/app/closed_forms.hpp"

#include "ntkflow/app/stages.hpp"
#include "ntkflow/input/circle_points.hpp"
#include "ntkflow/input/sphere_density.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/spectrum/density_approximation.hpp"
#include "ntkflow/spectrum/funk_hecke.hpp"
#include "ntkflow/spectrum/hemispheres.hpp"
#include "ntkflow/spectrum/ideal_flow.hpp"
#include "ntkflow/spectrum/local_frequency.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ntkflow {
namespace {

IndexRange my_rows(const Archive& archive, const PointSet& reference) {
  return Partition(reference.count(), archive.comm().size()).range(archive.comm().rank());
}

// A small matrix that every rank has.
void write_all(Archive& archive, std::string_view dataset, const Matrix& values) {
  const Partition partition(values.rows(), archive.comm().size());
  const IndexRange mine = partition.range(archive.comm().rank());
  archive.write_rows(dataset, {partition, values.middleRows(mine.first, mine.count())});
}

// ---- exact spectra, and approximations on the circle ---------------------------------------------

constexpr Index fewest_degrees = 41;

Index degrees_of(const JobConfig& job, Index dimension) {
  return std::max(fewest_degrees, degrees_with(dimension, job.eigenpairs));
}

ZonalSpectrum uniform_spectrum(const JobConfig& job, const Experiment& experiment, Index degrees) {
  const auto kernel = make_analytic_kernel(experiment.network.architecture(), AnalyticKind::ntk);
  return zonal_spectrum({*kernel, experiment.points.reference->dimension(), job.input.scale},
                        degrees);
}

void write_known(Archive& archive, const ZonalSpectrum& known) {
  archive.write_whole(names::known_degree, indices_of({0, known.degrees()}));
  archive.write_whole(names::known_eigenvalue, span_of(known.eigenvalues));
  archive.write_whole(names::known_multiplicity, span_of(known.multiplicities));
}

// Fitted and approximate, on the arcs of a density.
void write_local_frequencies(Archive& archive, const CirclePoints& circle, const Vector& my_angles,
                             const KernelSpectrum& spectrum, const Matrix& approximate) {
  std::vector<FrequencyWindow> windows;
  for (const CircleDensity::Arc& arc : circle.density().arcs())
    windows.push_back({arc.first, arc.length});
  // The highest that the approximation has for so many functions, and room for its errors.
  const Index last = std::min(spectrum.count() / 2 + 1, approximate.rows() - 1);
  const double highest = 1.5 * approximate.row(last).maxCoeff();
  const Matrix fitted = local_frequencies(archive.comm(), spectrum.eigenfunctions, my_angles,
                                          spectrum.my_weights, windows, highest);
  Matrix padded =
      Matrix::Constant(archive.shape(names::local_frequency).front(), fitted.cols(), std::nan(""));
  padded.topRows(fitted.rows()) = fitted;
  write_all(archive, names::local_frequency, padded);
  write_all(archive, names::approximation_local_frequency, approximate);
}

void write_approximations(Archive& archive, const CirclePoints& circle,
                          const ZonalSpectrum& uniform, const KernelSpectrum& spectrum,
                          const ClosedFormSizes& forms) {
  const DensityApproximation approximation(circle.density());
  const IndexRange mine = my_rows(archive, circle);
  const Vector my_angles =
      Vector::NullaryExpr(mine.count(), [&](Index i) { return circle.angle(mine.first + i); });
  const Vector eigenvalues = approximation.eigenvalues(uniform.eigenvalues);
  archive.write_whole(names::approximation_eigenvalue, span_of(eigenvalues));
  const Vector stretched =
      my_angles.unaryExpr([&](double angle) { return approximation.stretched_angle(angle); });
  archive.write_rows(names::approximation_angle, mine, span_of(stretched));
  if (forms.arcs > 0)
    write_local_frequencies(archive, circle, my_angles, spectrum,
                            approximation.local_frequencies(uniform.degrees()));
}

// ---- times of the ideal flow ---------------------------------------------------------------------

constexpr std::array<double, 3> thresholds = {0.3, 0.1, 0.05};
constexpr Index most_timed_modes = 1000;  // every rank has their products in each part of rho

void write_target_times(Archive& archive, const PointSet& reference, const KernelSpectrum& spectrum,
                        Index parts) {
  const IndexList mine = indices_of(my_rows(archive, reference));
  const IdealFlow flow(archive.comm(), spectrum, -reference.targets(mine), reference.regions(mine),
                       parts);
  const Matrix times =
      Matrix::NullaryExpr(parts + 1, count_of(thresholds), [&](Index part, Index threshold) {
        return flow.convergence_time(part, thresholds[static_cast<std::size_t>(threshold)]);
      });
  const Vector whole = times.row(parts);
  archive.write_whole(names::ideal_time, span_of(whole));
  write_all(archive, names::ideal_part_time, times.topRows(parts));
}

struct Harmonic {
  Index degree;
  Index order;
};

// What Basri et al. 2020 looked at: degrees 2 to 12, here with every order.
std::vector<Harmonic> harmonics() {
  std::vector<Harmonic> all;
  for (Index degree = 2; degree <= 12; ++degree)
    for (Index order = 0; order <= degree; ++order) all.push_back({degree, order});
  return all;
}

bool has_hemispheres(const JobConfig& job) {
  return job.input.space == Space::sphere && job.input.sphere_dimension == 3 &&
         job.input.density == Density::hemispheres;
}

void write_harmonic_times(Archive& archive, const JobConfig& job, const Experiment& experiment) {
  constexpr Index flow_degrees = 120;
  const Vector zonal = uniform_spectrum(job, experiment, flow_degrees).eigenvalues;
  const std::vector<Harmonic> all = harmonics();
  std::vector<HemisphereFlow> flows;
  for (Index order = 0; order <= all.back().order; ++order)
    flows.emplace_back(zonal, sphere_density(job.input), order);
  IndexList degrees, orders;
  for (const Harmonic& harmonic : all) {
    degrees.push_back(harmonic.degree);
    orders.push_back(harmonic.order);
  }
  const auto times = [&](Index region) -> Matrix {
    return Matrix::NullaryExpr(count_of(all), count_of(thresholds), [&](Index h, Index threshold) {
      const auto& [degree, order] = all[static_cast<std::size_t>(h)];
      return flows[static_cast<std::size_t>(order)].convergence_time(
          degree, region, thresholds[static_cast<std::size_t>(threshold)]);
    });
  };
  archive.write_whole(names::harmonic_degree, degrees);
  archive.write_whole(names::harmonic_order, orders);
  write_all(archive, names::harmonic_time_south, times(0));
  write_all(archive, names::harmonic_time_north, times(1));
}

}  // namespace

ClosedFormSizes closed_form_sizes(const JobConfig& job, const PointSet& reference) {
  const bool circle = job.input.space == Space::circle;
  if (!job.closed_forms.stored || !(circle || job.input.space == Space::sphere)) return {};
  ClosedFormSizes forms;
  const Index degrees = degrees_of(job, reference.dimension());
  if (job.input.density == Density::uniform) forms.known_degrees = degrees;
  if (circle && job.input.density != Density::uniform) forms.approximated_degrees = degrees;
  if (circle && job.input.density == Density::piecewise) forms.arcs = count_of(job.input.edges);
  if (has_hemispheres(job)) forms.harmonics = count_of(harmonics());
  if (job.target.kind != TargetKind::none && job.eigenpairs <= most_timed_modes)
    forms.parts = region_count(reference);
  if (forms.harmonics + forms.parts > 0) forms.thresholds = count_of(thresholds);
  return forms;
}

void closed_form_stage(Archive& archive, const JobConfig& job, const Experiment& experiment,
                       const KernelSpectrum& spectrum, Progress& progress) {
  const PointSet& reference = *experiment.points.reference;
  const ClosedFormSizes forms = closed_form_sizes(job, reference);
  if (!forms.any() || stage_is_done(archive, names::stage_closed_forms, progress)) return;
  if (forms.known_degrees + forms.approximated_degrees > 0) {
    const ZonalSpectrum uniform =
        uniform_spectrum(job, experiment, degrees_of(job, reference.dimension()));
    if (forms.known_degrees > 0) write_known(archive, uniform);
    if (forms.approximated_degrees > 0)
      write_approximations(archive, dynamic_cast<const CirclePoints&>(reference), uniform, spectrum,
                           forms);
  }
  if (forms.thresholds > 0) archive.write_whole(names::ideal_threshold, thresholds);
  if (forms.parts > 0) write_target_times(archive, reference, spectrum, forms.parts);
  if (forms.harmonics > 0) write_harmonic_times(archive, job, experiment);
  archive.commit_stage(names::stage_closed_forms);
}

}  // namespace ntkflow
