#include "ntkflow/app/run_job.hpp"

#include "ntkflow/app/closed_forms.hpp"
#include "ntkflow/app/extend_job.hpp"
#include "ntkflow/app/make_integrator.hpp"
#include "ntkflow/app/observables.hpp"
#include "ntkflow/app/observe_stages.hpp"
#include "ntkflow/app/operator_kernel.hpp"
#include "ntkflow/app/output.hpp"
#include "ntkflow/app/stages.hpp"
#include "ntkflow/app/train.hpp"
#include "ntkflow/archive/run_log.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/config/snapshot_times.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ntkflow {
namespace {

// Times in units of 1/sigma_i, the same to the last bit on any number of ranks.
std::vector<double> times_of(const FlowSpec& flow, const KernelSpectrum& spectrum) {
  const Vector sigma = spectrum.eigenvalues.unaryExpr(&round_for_decision);
  return snapshot_times(flow, span_of(sigma));
}

// A time that the spectrum does not have is the job's mistake. The archive was made for those times
// and must not be in the way of the job with other ones.
std::vector<double> times_or_no_archive(Archive& archive, const FlowSpec& flow,
                                        const KernelSpectrum& spectrum) {
  try {
    return times_of(flow, spectrum);
  } catch (const ConfigError& error) {
    const std::string path = archive.path();
    archive.close();
    if (archive.comm().is_root()) std::remove(path.c_str());
    throw ConfigError(fmt::format("{}; {} is removed again", error.what(), path));
  }
}

/// K of the reference operator, for observables that follow its flow; nothing where none does.
class KernelOfJob {
 public:
  KernelOfJob(const Communicator& world, const JobConfig& job, const Experiment& experiment) {
    if (!job.observe.kernel_flow) return;
    kernel_ = make_operator_kernel(world, job, experiment);
    on_fields_.emplace(*kernel_.kernel, *kernel_.train, *kernel_.reference);
  }

  const KernelOnFields* on_fields() const { return on_fields_ ? &*on_fields_ : nullptr; }

 private:
  OperatorKernel kernel_;
  std::optional<KernelOnFields> on_fields_;
};

// The method: eigenfunctions of the limit kernel's operator over the input space, eigenvectors of
// its matrix on the training points, and the network's way along both. A request to stop is heard
// between stages, which are committed, between passes of the Krylov solver and between steps of the
// flow.
Ending compute(Archive& archive, const Job& job, const Experiment& experiment,
               const StopRequest& stop, Progress& progress) {
  const Command command = job.command.command;
  const ProcessGrid grid(archive.comm());
  const Model model = model_of(job.config.flow);
  const ResidualField train_field = experiment.train_field(model);
  const ResidualField reference_field = experiment.reference_field(model);
  points_stage(archive, train_field, reference_field, progress);
  if (stop.pending(archive.comm())) return Ending::stopped;
  if (command == Command::kernel) {
    kernel_stage(archive, grid, job.config, experiment, train_field, progress);
    return Ending::completed;
  }

  const KernelSpectrum spectrum =
      reference_spectrum_stage(archive, grid, job.config, experiment, stop, progress);
  closed_form_stage(archive, job.config, experiment, spectrum, progress);
  if (stop.pending(archive.comm())) return Ending::stopped;
  const std::optional<KernelSpectrum> train_spectrum =
      train_spectrum_stage(archive, grid, job.config, experiment, progress);
  if (command == Command::spectrum) return Ending::completed;
  if (stop.pending(archive.comm())) return Ending::stopped;

  const double kernel_error = kernel_distance_stage(archive, job.config, experiment, progress);
  target_stage(archive, spectrum, reference_field, experiment.theta_0, progress);
  if (stop.pending(archive.comm())) return Ending::stopped;

  const KernelSpectrum* train_modes = train_spectrum ? &*train_spectrum : nullptr;
  const Observer observer(
      {train_field, reference_field, spectrum, train_modes, law_of(job.config.flow)},
      experiment.theta_0);
  const KernelOfJob kernel(archive.comm(), job.config, experiment);
  const Observables observables(
      job.config,
      {grid, experiment.network, train_field, reference_field, experiment.points,
       experiment.theta_0, spectrum, train_modes, kernel_error, job.config.observe.accuracy,
       job.config.flow.step, kernel.on_fields()},
      archive);
  const std::vector<double> times = times_or_no_archive(archive, job.config.flow, spectrum);
  const Ending ending = train(
      archive, {job.config, experiment, train_field, reference_field, observer, observables, times},
      stop, progress);
  if (ending == Ending::completed) {
    convergence_stage(archive, job.config, times, spectrum, progress);
    if (job.config.observe.bounds) report_bounds(archive, times, spectrum, progress);
  }
  return ending;
}

Ending compute_or_stop(Archive& archive, const Job& job, const Experiment& experiment,
                       const StopRequest& stop, Progress& progress) {
  try {
    return compute(archive, job, experiment, stop, progress);
  } catch (const StopRequested&) {
    return Ending::stopped;
  }
}

}  // namespace

ExitCode run_job(const Communicator& world, const Job& given, const StopRequest& stop,
                 Progress& progress, Status& status) {
  const Experiment experiment = prepare_experiment(world, given);
  const Job job = given.command.extend ? extended_job(world, given, experiment.data_digest) : given;
  const std::string& path = job.config.output;
  std::optional<Archive> archive = open_output(world, job, experiment);
  if (!archive) {
    status.report("completed", path + " (it was complete already; nothing was done)");
    return ExitCode::completed;
  }
  status.attach(path);
  RunLog log(*archive);
  if (given.command.extend) copy_finished(*archive, given);

  const Ending ending = compute_or_stop(*archive, job, experiment, stop, progress);

  log.finish(ending == Ending::completed ? "completed" : "stopped: " + stop.reason());
  archive->close();
  if (ending == Ending::completed) {
    status.report("completed", path);
    return ExitCode::completed;
  }
  status.report("stopped", path + ": everything is committed; run the same command again to go on");
  return ExitCode::stopped;
}

}  // namespace ntkflow
