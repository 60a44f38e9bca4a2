#include "ntkflow/app/stages.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"
#include "ntkflow/spectrum/nystrom.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {
namespace {

// Committed, and still what was committed: a stage that the disk has damaged is computed again.
bool is_done(Archive& archive, std::string_view stage, Progress& progress) {
  if (!archive.stage_committed(stage)) return false;
  const CommitUnit unit{names::stage_marker(stage)};
  if (archive.intact(unit)) return true;
  progress.say(fmt::format("stage {} no longer has its checksum; it is computed again", stage));
  archive.withdraw(unit);
  return false;
}

std::unique_ptr<Kernel> limit_kernel(const Experiment& experiment, AnalyticKind kind) {
  return make_analytic_kernel(experiment.network.architecture(), kind);
}

std::unique_ptr<Kernel> kernel_of(std::string_view dataset, const Experiment& experiment) {
  if (dataset == names::kernel_ntk) return limit_kernel(experiment, AnalyticKind::ntk);
  if (dataset == names::kernel_nngp) return limit_kernel(experiment, AnalyticKind::nngp);
  const Vector theta = experiment.theta_0.gather();
  return make_empirical_kernel(experiment.network, span_of(theta));
}

KernelSpectrum read_spectrum(const Archive& archive, const PointSet& points, std::string_view count,
                             std::string_view eigenvalue, std::string_view eigenspace,
                             std::string_view eigenfunction) {
  const Index modes = archive.read_whole_integers(count).front();
  RowBlocks eigenfunctions = archive.read_row_blocks(eigenfunction, modes);
  IndexList eigenspaces = archive.read_whole_integers(eigenspace);
  eigenspaces.resize(static_cast<std::size_t>(modes));
  const IndexRange mine = eigenfunctions.partition.range(archive.comm().rank());
  return {.eigenvalues = archive.read_whole(eigenvalue).head(modes),
          .eigenspace = std::move(eigenspaces),
          .eigenfunctions = std::move(eigenfunctions),
          .my_weights = points.weights(indices_of(mine))};
}

void describe(const ComputedSpectrum& spectrum, std::string_view what, double seconds,
              Progress& progress) {
  std::string line = fmt::format("{}: {} eigenpairs, sigma_1 = {:.6g}, sigma_{} = {:.6g}, {:.1f} s",
                                 what, spectrum.count(), spectrum.eigenvalues(0), spectrum.count(),
                                 spectrum.eigenvalues(spectrum.count() - 1), seconds);
  if (spectrum.incomplete > 0)
    line += fmt::format("; {} left out, their eigenspace passes the last one asked for",
                        spectrum.incomplete);
  if (spectrum.dropped > 0)
    line += fmt::format("; {} below 1e-12 sigma_1 dropped", spectrum.dropped);
  progress.say(line);
}

ComputedSpectrum compute_spectrum(const ProcessGrid& grid, const Kernel& kernel,
                                  const PointSet& points, const JobConfig& job,
                                  std::string_view what, Progress& progress) {
  const Stopwatch watch;
  ComputedSpectrum spectrum =
      kernel_spectrum(grid, kernel, points, {.eigenpairs = job.eigenpairs, .seed = job.seed});
  describe(spectrum, what, watch.elapsed_s(), progress);
  return spectrum;
}

// Computes and commits; what the run goes on with is read back from the archive, whether it was
// computed just now or before an interruption, so that both have the same bits.
void commit_reference_spectrum(Archive& archive, const ProcessGrid& grid, const JobConfig& job,
                               const Experiment& experiment, Progress& progress) {
  const auto kernel = limit_kernel(experiment, AnalyticKind::ntk);
  const PointSet& points = *experiment.points.reference;
  const ComputedSpectrum spectrum =
      compute_spectrum(grid, *kernel, points, job, "reference operator", progress);

  archive.write_whole(names::analytic_count, spectrum.count());
  archive.write_whole(names::analytic_dropped, spectrum.dropped);
  archive.write_whole(names::analytic_eigenvalue, span_of(spectrum.eigenvalues));
  archive.write_whole(names::analytic_eigenspace, spectrum.eigenspace);
  archive.write_rows(names::eigenfunction, spectrum.eigenfunctions);
  archive.write_rows(
      names::eigenfunction_train,
      nystrom_extension(grid.comm(), *kernel, points, spectrum, *experiment.points.train));
  archive.commit_stage(names::stage_analytic_spectrum);
}

void commit_train_spectrum(Archive& archive, const ProcessGrid& grid, const JobConfig& job,
                           const Experiment& experiment, Progress& progress) {
  const auto kernel = limit_kernel(experiment, AnalyticKind::ntk);
  const PointSet& points = *experiment.points.train;
  ComputedSpectrum spectrum =
      compute_spectrum(grid, *kernel, points, job, "training matrix G/n", progress);

  archive.write_whole(names::train_count, spectrum.count());
  archive.write_whole(names::train_eigenvalue, span_of(spectrum.all_eigenvalues));
  archive.write_whole(names::train_eigenspace, spectrum.eigenspace);
  spectrum.eigenfunctions.local.array().colwise() *= spectrum.my_weights.array().sqrt();
  archive.write_rows(names::train_eigenvector, spectrum.eigenfunctions);
  archive.commit_stage(names::stage_train_spectrum);
}

}  // namespace

std::vector<std::string_view> kernel_datasets(const KernelSpec& spec) {
  std::vector<std::string_view> datasets = {names::kernel_value};
  if (spec.ntk) datasets.push_back(names::kernel_ntk);
  if (spec.nngp) datasets.push_back(names::kernel_nngp);
  if (spec.empirical) datasets.push_back(names::kernel_empirical);
  return datasets;
}

void points_stage(Archive& archive, const ResidualField& train, const ResidualField& reference,
                  Progress& progress) {
  if (is_done(archive, names::stage_points, progress)) return;
  archive.write_rows(names::train_points, train.my_range(), span_of(train.my_points()));
  archive.write_rows(names::train_target, train.my_range(), span_of(train.my_targets()));
  archive.write_rows(names::train_weight, train.my_range(), span_of(train.my_weights()));
  archive.write_rows(names::reference_points, reference.my_range(), span_of(reference.my_points()));
  archive.write_rows(names::reference_target, reference.my_range(),
                     span_of(reference.my_targets()));
  archive.write_rows(names::reference_weight, reference.my_range(),
                     span_of(reference.my_weights()));
  archive.commit_stage(names::stage_points);
}

void kernel_stage(Archive& archive, const ProcessGrid& grid, const JobConfig& job,
                  const Experiment& experiment, const ResidualField& train, Progress& progress) {
  if (is_done(archive, names::stage_kernel, progress)) return;
  for (const std::string_view dataset : kernel_datasets(job.kernel)) {
    if (dataset == names::kernel_value) continue;
    const Stopwatch watch;
    const auto kernel = kernel_of(dataset, experiment);
    archive.write_matrix(dataset,
                         assemble_gram(grid, *kernel, *experiment.points.train, Triangle::full));
    progress.say(fmt::format("{}: {:.1f} s", dataset, watch.elapsed_s()));
  }
  const Vector theta = experiment.theta_0.gather();
  const Vector value = train.value(span_of(theta)) + train.my_targets();
  archive.write_rows(names::kernel_value, train.my_range(), span_of(value));
  archive.commit_stage(names::stage_kernel);
}

KernelSpectrum reference_spectrum_stage(Archive& archive, const ProcessGrid& grid,
                                        const JobConfig& job, const Experiment& experiment,
                                        Progress& progress) {
  if (!is_done(archive, names::stage_analytic_spectrum, progress))
    commit_reference_spectrum(archive, grid, job, experiment, progress);
  return read_spectrum(archive, *experiment.points.reference, names::analytic_count,
                       names::analytic_eigenvalue, names::analytic_eigenspace,
                       names::eigenfunction);
}

std::optional<KernelSpectrum> train_spectrum_stage(Archive& archive, const ProcessGrid& grid,
                                                   const JobConfig& job,
                                                   const Experiment& experiment,
                                                   Progress& progress) {
  if (!job.observe.train_projections) return std::nullopt;
  if (!is_done(archive, names::stage_train_spectrum, progress))
    commit_train_spectrum(archive, grid, job, experiment, progress);
  const PointSet& points = *experiment.points.train;
  KernelSpectrum spectrum =
      read_spectrum(archive, points, names::train_count, names::train_eigenvalue,
                    names::train_eigenspace, names::train_eigenvector);
  spectrum.eigenfunctions.local.array().colwise() /= spectrum.my_weights.array().sqrt();
  return spectrum;
}

}  // namespace ntkflow
