#include "ntkflow/app/stages.hpp"

#include "ntkflow/app/memory_check.hpp"
#include "ntkflow/app/operator_kernel.hpp"
#include "ntkflow/app/solver_choice.hpp"
#include "ntkflow/base/clock.hpp"
#include "ntkflow/flow/tangent_kernel.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"
#include "ntkflow/spectrum/nystrom.hpp"

#include <fmt/format.h>

#include <array>

namespace ntkflow {
namespace {

std::unique_ptr<Kernel> limit_kernel(const Experiment& experiment, AnalyticKind kind) {
  return make_analytic_kernel(experiment.network.architecture(), kind);
}

std::unique_ptr<Kernel> kernel_of(std::string_view dataset, const Experiment& experiment) {
  if (dataset == names::kernel_ntk) return limit_kernel(experiment, AnalyticKind::ntk);
  if (dataset == names::kernel_nngp) return limit_kernel(experiment, AnalyticKind::nngp);
  return kernel_at(experiment.network, experiment.theta_0);
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
  std::string line = fmt::format("{}: {} eigenpairs, sigma_1 = {:.6g}, sigma_{} = {:.6g}, {:.2f} s",
                                 what, spectrum.count(), spectrum.eigenvalues(0), spectrum.count(),
                                 spectrum.eigenvalues(spectrum.count() - 1), seconds);
  if (spectrum.decomposition_s > 0)
    line += fmt::format(", {:.2f} s of them the decomposition", spectrum.decomposition_s);
  if (spectrum.incomplete > 0)
    line += fmt::format("; {} left out, their eigenspace passes the last one asked for",
                        spectrum.incomplete);
  if (spectrum.dropped > 0)
    line += fmt::format("; {} below 1e-12 sigma_1 dropped", spectrum.dropped);
  progress.say(line);
}

// Sums over the ranks, seconds as their mean.
void describe_krylov(const Communicator& comm, const ComputedSpectrum& spectrum,
                     Progress& progress) {
  std::array<double, 4> work = {spectrum.work.entries, spectrum.work.flops,
                                spectrum.work.entries_s / comm.size(),
                                spectrum.work.products_s / comm.size()};
  sum_over_ranks(comm, work);
  progress.say(fmt::format(
      "krylov: {} passes, largest residual {:.3g} sigma_1; {:.4g} kernel entries in {:.1f} s, "
      "{:.4g} flops of products in {:.1f} s",
      spectrum.passes, spectrum.residuals.maxCoeff() / spectrum.eigenvalues[0], work[0], work[2],
      work[1], work[3]));
}

ComputedSpectrum compute_spectrum(const ProcessGrid& grid, const Kernel& kernel,
                                  const PointSet& points, const SpectrumOptions& options,
                                  std::string_view what, Progress& progress) {
  const Stopwatch watch;
  ComputedSpectrum spectrum = kernel_spectrum(grid, kernel, points, options);
  describe(spectrum, what, watch.elapsed_s(), progress);
  if (options.solver == Solver::krylov) describe_krylov(grid.comm(), spectrum, progress);
  return spectrum;
}

// The solver that the job asks for or that suits it; a line a pass, and a chance to stop.
SpectrumOptions reference_options(const Communicator& comm, const JobConfig& job,
                                  const SpectrumSize& size, const StopRequest& stop,
                                  Progress& progress) {
  const SolverDecision decision = choose_solver(job.reference_operator, size, memory_of_rank(comm));
  progress.say("reference operator, solver " + decision.reason);
  SpectrumOptions options;
  options.eigenpairs = job.eigenpairs;
  options.seed = job.seed;
  options.solver = decision.solver;
  options.tolerance = job.reference_operator.tolerance;
  options.most_columns = decision.most_columns;
  options.after_pass = [&comm, &stop, &progress, watch = Stopwatch()](const KrylovProgress& now) {
    progress.say(fmt::format(
        "pass {}: {} pairs converged, largest residual {:.2g} sigma_1, {:.1f} s", now.passes,
        now.converged, now.residual / now.largest_eigenvalue, watch.elapsed_s()));
    if (stop.pending(comm)) throw StopRequested();
  };
  return options;
}

// Computes and commits; what the run goes on with is read back from the archive, whether it was
// computed just now or before an interruption, so that both have the same bits.
void commit_reference_spectrum(Archive& archive, const ProcessGrid& grid, const JobConfig& job,
                               const Experiment& experiment, const StopRequest& stop,
                               Progress& progress) {
  const Communicator& comm = grid.comm();
  OperatorKernel given = make_operator_kernel(comm, job, experiment);
  const std::string kinks = integrate_kinks(job, given);
  if (!kinks.empty()) progress.say("reference operator: " + kinks);
  const SpectrumSize size =
      spectrum_size(job, experiment.network, given.reference->count(), comm.size());
  const ComputedSpectrum spectrum = compute_spectrum(
      grid, *given.kernel, *given.reference, reference_options(comm, job, size, stop, progress),
      "reference operator", progress);
  refuse_indefinite(job.reference_operator.kernel, spectrum.smallest, spectrum.eigenvalues[0]);

  archive.write_whole(names::analytic_count, spectrum.count());
  archive.write_whole(names::analytic_dropped, spectrum.dropped);
  archive.write_whole(names::analytic_eigenvalue, span_of(spectrum.eigenvalues));
  archive.write_whole(names::analytic_eigenspace, spectrum.eigenspace);
  archive.write_rows(names::eigenfunction, spectrum.eigenfunctions);
  archive.write_rows(
      names::eigenfunction_train,
      nystrom_extension(comm, *given.kernel, *given.reference, spectrum, *given.train));
  archive.commit_stage(names::stage_analytic_spectrum);
}

void commit_train_spectrum(Archive& archive, const ProcessGrid& grid, const JobConfig& job,
                           const Experiment& experiment, Progress& progress) {
  const OperatorKernel given = make_operator_kernel(grid.comm(), job, experiment);
  const PointSet& points = *given.train;
  ComputedSpectrum spectrum =
      compute_spectrum(grid, *given.kernel, points,
                       {.eigenpairs = job.eigenpairs, .seed = job.seed, .solver = Solver::dense},
                       "training matrix G/n", progress);

  archive.write_whole(names::train_count, spectrum.count());
  archive.write_whole(names::train_eigenvalue, span_of(spectrum.all_eigenvalues));
  archive.write_whole(names::train_eigenspace, spectrum.eigenspace);
  spectrum.eigenfunctions.local.array().colwise() *= spectrum.my_weights.array().sqrt();
  archive.write_rows(names::train_eigenvector, spectrum.eigenfunctions);
  archive.commit_stage(names::stage_train_spectrum);
}

}  // namespace

bool stage_is_done(Archive& archive, std::string_view stage, Progress& progress) {
  if (!archive.stage_committed(stage)) return false;
  const CommitUnit unit{names::stage_marker(stage)};
  if (archive.intact(unit)) return true;
  progress.say(fmt::format("stage {} no longer has its checksum; it is computed again", stage));
  archive.withdraw(unit);
  return false;
}

std::vector<std::string_view> kernel_datasets(const KernelSpec& spec) {
  std::vector<std::string_view> datasets = {names::kernel_value};
  if (spec.ntk) datasets.push_back(names::kernel_ntk);
  if (spec.nngp) datasets.push_back(names::kernel_nngp);
  if (spec.empirical) datasets.push_back(names::kernel_empirical);
  return datasets;
}

void points_stage(Archive& archive, const ResidualField& train, const ResidualField& reference,
                  Progress& progress) {
  if (stage_is_done(archive, names::stage_points, progress)) return;
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
  if (stage_is_done(archive, names::stage_kernel, progress)) return;
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
                                        const StopRequest& stop, Progress& progress) {
  if (!stage_is_done(archive, names::stage_analytic_spectrum, progress))
    commit_reference_spectrum(archive, grid, job, experiment, stop, progress);
  return read_spectrum(archive, *experiment.points.reference, names::analytic_count,
                       names::analytic_eigenvalue, names::analytic_eigenspace,
                       names::eigenfunction);
}

std::optional<KernelSpectrum> train_spectrum_stage(Archive& archive, const ProcessGrid& grid,
                                                   const JobConfig& job,
                                                   const Experiment& experiment,
                                                   Progress& progress) {
  if (!job.observe.train_projections) return std::nullopt;
  if (!stage_is_done(archive, names::stage_train_spectrum, progress))
    commit_train_spectrum(archive, grid, job, experiment, progress);
  const PointSet& points = *experiment.points.train;
  KernelSpectrum spectrum =
      read_spectrum(archive, points, names::train_count, names::train_eigenvalue,
                    names::train_eigenspace, names::train_eigenvector);
  spectrum.eigenfunctions.local.array().colwise() /= spectrum.my_weights.array().sqrt();
  return spectrum;
}

}  // namespace ntkflow
