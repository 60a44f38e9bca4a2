#include "ntkflow/app/run_job.hpp"

#include "ntkflow/app/make_integrator.hpp"
#include "ntkflow/app/output.hpp"
#include "ntkflow/app/stages.hpp"
#include "ntkflow/app/train.hpp"
#include "ntkflow/archive/run_log.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/config/snapshot_times.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

// Times in units of 1/sigma_i, the same to the last bit on any number of ranks.
std::vector<double> times_of(const FlowSpec& flow, const KernelSpectrum& spectrum) {
  const Vector sigma = spectrum.eigenvalues.unaryExpr(&round_for_decision);
  return snapshot_times(flow, span_of(sigma));
}

// The method: eigenfunctions of the limit kernel's operator over the input space, eigenvectors of
// its matrix on the training points, and the network's way along both. A request to stop is heard
// between stages, which are committed, and between steps of the flow.
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
      reference_spectrum_stage(archive, grid, job.config, experiment, progress);
  if (stop.pending(archive.comm())) return Ending::stopped;
  const std::optional<KernelSpectrum> train_spectrum =
      train_spectrum_stage(archive, grid, job.config, experiment, progress);
  if (command == Command::spectrum) return Ending::completed;
  if (stop.pending(archive.comm())) return Ending::stopped;

  const Observer observer({train_field, reference_field, spectrum,
                           train_spectrum ? &*train_spectrum : nullptr, law_of(job.config.flow)},
                          experiment.theta_0);
  const std::vector<double> times = times_of(job.config.flow, spectrum);
  return train(archive, {job.config, experiment, train_field, reference_field, observer, times},
               stop, progress);
}

}  // namespace

ExitCode run_job(const Communicator& world, const Job& job, const StopRequest& stop,
                 Progress& progress, Status& status) {
  const std::string& path = job.config.output;
  const Experiment experiment = prepare_experiment(world, job.config);
  std::optional<Archive> archive = open_output(world, job, experiment);
  if (!archive) {
    status.report("completed", path + " (it was complete already; nothing was done)");
    return ExitCode::completed;
  }
  status.attach(path);
  RunLog log(*archive);

  const Ending ending = compute(*archive, job, experiment, stop, progress);

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
