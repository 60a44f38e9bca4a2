#include "ntkflow/app/closed_forms.hpp"

#include "ntkflow/app/stages.hpp"
#include "ntkflow/input/circle_points.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/spectrum/density_approximation.hpp"
#include "ntkflow/spectrum/funk_hecke.hpp"
#include "ntkflow/spectrum/hemispheres.hpp"
#include "ntkflow/spectrum/local_frequency.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ntkflow {
namespace {

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

// A small matrix that every rank has.
void write_all(Archive& archive, std::string_view dataset, const Matrix& values) {
  const Partition partition(values.rows(), archive.comm().size());
  const IndexRange mine = partition.range(archive.comm().rank());
  archive.write_rows(dataset, {partition, values.middleRows(mine.first, mine.count())});
}

void write_approximation(Archive& archive, const ZonalSpectrum& uniform,
                         const DensityApproximation& approximation, const Vector& my_angles,
                         IndexRange mine) {
  const Vector eigenvalues = approximation.eigenvalues(uniform.eigenvalues);
  archive.write_whole(names::approximation_eigenvalue, span_of(eigenvalues));
  const Vector stretched =
      my_angles.unaryExpr([&](double angle) { return approximation.stretched_angle(angle); });
  archive.write_rows(names::approximation_angle, mine, span_of(stretched));
}

// Fitted and approximate, on the arcs of a density.
void write_local_frequencies(Archive& archive, const KernelSpectrum& spectrum,
                             const Vector& my_angles, const CircleDensity& density,
                             const Matrix& approximate) {
  std::vector<FrequencyWindow> windows;
  for (const CircleDensity::Arc& arc : density.arcs()) windows.push_back({arc.first, arc.length});
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

// ---- the ideal flow on hemispheres ---------------------------------------------------------------

// What Basri et al. 2020 looked at: degrees 2 to 12, here with every order.
constexpr Index first_harmonic = 2, last_harmonic = 12;
constexpr std::array<double, 3> harmonic_thresholds = {0.3, 0.1, 0.05};
// Degrees kept by the flow: with half of them, times of degree 12 change by less than 1e-6.
constexpr Index flow_degrees = 120;

void write_harmonic_times(Archive& archive, const Vector& zonal, const SphereDensity& density) {
  std::vector<HemisphereFlow> flows;
  for (Index order = 0; order <= last_harmonic; ++order) flows.emplace_back(zonal, density, order);
  IndexList degrees, orders;
  for (Index degree = first_harmonic; degree <= last_harmonic; ++degree)
    for (Index order = 0; order <= degree; ++order) {
      degrees.push_back(degree);
      orders.push_back(order);
    }
  const auto times = [&](Index region) -> Matrix {
    return Matrix::NullaryExpr(
        count_of(degrees), count_of(harmonic_thresholds), [&](Index h, Index threshold) {
          const auto at = static_cast<std::size_t>(h);
          return flows[static_cast<std::size_t>(orders[at])].convergence_time(
              degrees[at], region, harmonic_thresholds[static_cast<std::size_t>(threshold)]);
        });
  };
  archive.write_whole(names::harmonic_degree, degrees);
  archive.write_whole(names::harmonic_order, orders);
  archive.write_whole(names::harmonic_threshold, harmonic_thresholds);
  write_all(archive, names::harmonic_time_south, times(0));
  write_all(archive, names::harmonic_time_north, times(1));
}

bool has_hemispheres(const JobConfig& job) {
  return job.input.space == Space::sphere && job.input.sphere_dimension == 3 &&
         job.input.density == Density::hemispheres;
}

}  // namespace

ClosedFormSizes closed_form_sizes(const JobConfig& job, const PointSet& reference) {
  const bool circle = job.input.space == Space::circle;
  if (!job.closed_forms.stored || !(circle || job.input.space == Space::sphere)) return {};
  const Index degrees = degrees_of(job, reference.dimension());
  switch (job.input.density) {
    case Density::uniform:
      return {.known_degrees = degrees};
    case Density::piecewise:
      return {.approximated_degrees = degrees, .regions = count_of(job.input.edges)};
    case Density::fourier:
      return {.approximated_degrees = degrees};
    case Density::hemispheres:
      break;
  }
  if (!has_hemispheres(job)) return {};
  constexpr Index first = first_harmonic, last = last_harmonic;
  return {.harmonics = (last + 1) * (last + 2) / 2 - first * (first + 1) / 2,
          .thresholds = count_of(harmonic_thresholds)};
}

void closed_form_stage(Archive& archive, const JobConfig& job, const Experiment& experiment,
                       const KernelSpectrum& spectrum, Progress& progress) {
  const ClosedFormSizes forms = closed_form_sizes(job, *experiment.points.reference);
  if (!forms.any() || stage_is_done(archive, names::stage_closed_forms, progress)) return;
  const ZonalSpectrum uniform = uniform_spectrum(
      job, experiment,
      forms.harmonics > 0 ? flow_degrees
                          : std::max(forms.known_degrees, forms.approximated_degrees));
  if (forms.known_degrees > 0) write_known(archive, uniform);
  if (forms.approximated_degrees > 0) {
    const auto& circle = dynamic_cast<const CirclePoints&>(*experiment.points.reference);
    const DensityApproximation approximation(circle.density());
    const IndexRange mine = spectrum.eigenfunctions.partition.range(archive.comm().rank());
    const Vector my_angles = circle.all_angles().angles.segment(mine.first, mine.count());
    write_approximation(archive, uniform, approximation, my_angles, mine);
    if (forms.regions > 0)
      write_local_frequencies(archive, spectrum, my_angles, circle.density(),
                              approximation.local_frequencies(uniform.degrees()));
  }
  if (forms.harmonics > 0)
    write_harmonic_times(archive, uniform.eigenvalues, sphere_density(job.input));
  archive.commit_stage(names::stage_closed_forms);
}

}  // namespace ntkflow
