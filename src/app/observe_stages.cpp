#include "ntkflow/app/observe_stages.hpp"

#include "ntkflow/app/operator_kernel.hpp"
#include "ntkflow/app/stages.hpp"
#include "ntkflow/base/clock.hpp"
#include "ntkflow/flow/tangent_kernel.hpp"
#include "ntkflow/observe/convergence.hpp"
#include "ntkflow/observe/kernel_distance.hpp"
#include "ntkflow/observe/projection.hpp"
#include "ntkflow/observe/target_laws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace ntkflow {
namespace {

// Rows of a per-snapshot dataset, on every rank. Shape: T x columns.
Matrix read_trajectory(const Archive& archive, std::string_view dataset, Index columns) {
  const Index snapshots = archive.shape(dataset).front();
  const Matrix rows = archive.read_whole(dataset).reshaped(
      archive.shape(dataset).size() > 1 ? archive.shape(dataset)[1] : 1, snapshots);
  return rows.topRows(columns).transpose();
}

void write_number(Archive& archive, std::string_view dataset, double value) {
  archive.write_whole(dataset, std::span<const double>(&value, 1));
}

void write_law(Archive& archive, std::string_view dataset, const PowerLaw& law) {
  const std::array<double, 4> numbers = {law.factor, law.exponent, law.first_x, law.last_x};
  archive.write_whole(dataset, numbers);
}

// Row by row for each threshold, padded to the dataset's columns.
void write_times(Archive& archive, std::string_view dataset, const std::vector<double>& times,
                 const Matrix& values, const std::vector<double>& thresholds) {
  const Index columns = archive.shape(dataset).size() > 1 ? archive.shape(dataset)[1] : 1;
  Matrix result =
      Matrix::Constant(columns, count_of(thresholds), std::numeric_limits<double>::quiet_NaN());
  for (Index d = 0; d < result.cols(); ++d)
    result.col(d).head(values.cols()) =
        convergence_times(times, values, thresholds[static_cast<std::size_t>(d)]);
  archive.write_whole(dataset, span_of(std::as_const(result)));
}

}  // namespace

bool needs_kernel_distance(const JobConfig& job) {
  return job.observe.bounds || job.observe.drift;
}

double kernel_distance_stage(Archive& archive, const JobConfig& job, const Experiment& experiment,
                             Progress& progress) {
  if (!needs_kernel_distance(job)) return 0.0;
  if (!stage_is_done(archive, names::stage_kernel_distance, progress)) {
    const Stopwatch watch;
    const auto start = kernel_at(experiment.network, experiment.theta_0);
    const OperatorKernel limit = make_operator_kernel(archive.comm(), job, experiment);
    const auto on = [&](const PointSet& points, const PointSet& same_points) {
      return kernel_distance(archive.comm(), {*start, points}, {*limit.kernel, same_points});
    };
    const KernelDistance reference = on(*experiment.points.reference, *limit.reference);
    const KernelDistance train = on(*experiment.points.train, *limit.train);
    write_number(archive, names::distance_reference, reference.distance);
    write_number(archive, names::distance_reference_norm, reference.norm);
    write_number(archive, names::distance_train, train.distance);
    write_number(archive, names::distance_train_norm, train.norm);
    archive.commit_stage(names::stage_kernel_distance);
    progress.say(
        fmt::format("||K_0 - K|| / ||K|| = {:.4g} on the input space, {:.4g} on the "
                    "training points, {:.1f} s",
                    reference.relative(), train.relative(), watch.elapsed_s()));
  }
  const double distance = archive.read_whole(names::distance_reference)(0);
  return distance * distance;
}

void target_stage(Archive& archive, const KernelSpectrum& spectrum, const ResidualField& reference,
                  const ShardedVector& theta_0, Progress& progress) {
  if (stage_is_done(archive, names::stage_target, progress)) return;
  const Vector theta = theta_0.gather();
  const Vector residual = reference.value(span_of(theta));
  const double squared = reference.inner(residual, residual);
  const Vector coefficients = project(archive.comm(), spectrum, residual);
  const Vector known = cumulative_squares(coefficients);
  const Vector beyond = (squared - known.array()).max(0.0);
  const Vector kernel_norm = cumulative_squares(
      coefficients.cwiseProduct(spectrum.eigenvalues.cwiseSqrt().cwiseInverse()));
  archive.write_whole(names::target_coefficient, span_of(coefficients));
  archive.write_whole(names::target_beyond, span_of(beyond));
  archive.write_whole(names::target_kernel_norm, span_of(kernel_norm));
  write_law(archive, names::target_eigenvalue_law, eigenvalue_law(spectrum.eigenvalues));
  write_law(archive, names::target_decay_law,
            decay_law(spectrum.eigenvalues, coefficients, squared));
  archive.commit_stage(names::stage_target);
}

void convergence_stage(Archive& archive, const JobConfig& job, const std::vector<double>& times,
                       const KernelSpectrum& spectrum, Progress& progress) {
  const std::vector<double>& thresholds = job.observe.thresholds;
  if (thresholds.empty() || stage_is_done(archive, names::stage_convergence, progress)) return;
  const Matrix reference = read_trajectory(archive, names::reference_norm, 1);
  const Matrix modes =
      eigenspace_sizes(read_trajectory(archive, names::projection, spectrum.count()),
                       spectrum.eigenspace, reference(0, 0));
  const Index regions = archive.shape(names::region_norm)[1];
  const auto write = [&](std::string_view dataset, const Matrix& values) {
    write_times(archive, dataset, times, values, thresholds);
  };
  archive.write_whole(names::convergence_threshold, thresholds);
  write(names::convergence_train, read_trajectory(archive, names::train_norm, 1));
  write(names::convergence_reference, reference);
  write(names::convergence_mode, modes);
  write(names::convergence_region, read_trajectory(archive, names::region_norm, regions));
  archive.commit_stage(names::stage_convergence);
}

void report_bounds(const Archive& archive, const std::vector<double>& times,
                   const KernelSpectrum& spectrum, Progress& progress) {
  const Matrix ratio = read_trajectory(archive, names::bound_projected_ratio, spectrum.count());
  Index row = 0, k = 0;
  const double largest = ratio.maxCoeff<Eigen::PropagateNaN>(&row, &k);
  progress.say(fmt::format(
      "Theorem 1 {} at every snapshot and k: left over right side at most {:.3g}, at t = {:.4g}, "
      "k = {}",
      largest <= 1.0 ? "holds" : "does not hold", largest, times[static_cast<std::size_t>(row)],
      k + 1));
}

}  // namespace ntkflow
