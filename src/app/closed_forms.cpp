#include "ntkflow/app/closed_forms.hpp"

#include "ntkflow/app/stages.hpp"
#include "ntkflow/input/circle_points.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/spectrum/density_approximation.hpp"
#include "ntkflow/spectrum/funk_hecke.hpp"
#include "ntkflow/spectrum/local_frequency.hpp"

#include <algorithm>
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

}  // namespace

ClosedFormSizes closed_form_sizes(const JobConfig& job, const PointSet& reference) {
  if (job.input.space != Space::circle || !job.closed_forms.stored) return {};
  const Index degrees = degrees_of(job, reference.dimension());
  if (job.input.density == Density::uniform) return {.known_degrees = degrees};
  return {.approximated_degrees = degrees, .regions = count_of(job.input.edges)};
}

void closed_form_stage(Archive& archive, const JobConfig& job, const Experiment& experiment,
                       const KernelSpectrum& spectrum, Progress& progress) {
  const ClosedFormSizes forms = closed_form_sizes(job, *experiment.points.reference);
  if (!forms.any() || stage_is_done(archive, names::stage_closed_forms, progress)) return;
  const ZonalSpectrum uniform =
      uniform_spectrum(job, experiment, std::max(forms.known_degrees, forms.approximated_degrees));
  if (forms.known_degrees > 0) write_known(archive, uniform);
  if (forms.approximated_degrees > 0) {
    const auto& circle = dynamic_cast<const CirclePoints&>(*experiment.points.reference);
    const CircleDensity density = CircleDensity::piecewise(job.input.edges, job.input.weights);
    const DensityApproximation approximation(density);
    const IndexRange mine = spectrum.eigenfunctions.partition.range(archive.comm().rank());
    const Vector my_angles = circle.all_angles().angles.segment(mine.first, mine.count());
    write_approximation(archive, uniform, approximation, my_angles, mine);
    write_local_frequencies(archive, spectrum, my_angles, density,
                            approximation.local_frequencies(uniform.degrees()));
  }
  archive.commit_stage(names::stage_closed_forms);
}

}  // namespace ntkflow
