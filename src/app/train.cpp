#include "ntkflow/app/train.hpp"

#include "ntkflow/app/record.hpp"
#include "ntkflow/app/run_state.hpp"
#include "ntkflow/archive/checkpoint.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/flow/gradient_descent.hpp"
#include "ntkflow/flow/rkc.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

std::unique_ptr<Integrator> make_integrator(const FlowSpec& spec, const GradientFlow& flow,
                                            double initial_norm) {
  if (spec.integrator == IntegratorKind::gradient_descent)
    return std::make_unique<GradientDescent>(flow, spec.step, initial_norm);
  return std::make_unique<RungeKuttaChebyshev>(flow, spec.tolerance, initial_norm);
}

/// Saves a checkpoint whenever the job's interval has passed by root's clock; after a snapshot,
/// which a resumed run would otherwise repeat, sooner.
class CheckpointKeeper {
 public:
  CheckpointKeeper(Archive& archive, double every_s)
      : comm_(&archive.comm()), slots_(archive), every_s_(every_s) {}

  bool resume(RunState& state) const { return slots_.available() && slots_.load(state); }

  void save(RunState& state) {
    slots_.save(state);
    since_last_.restart();
  }

  void after_step(RunState& state) { save_after(every_s_, state); }
  void after_snapshot(RunState& state) { save_after(std::min(every_s_, 10.0), state); }

 private:
  void save_after(double interval_s, RunState& state) {
    if (any_rank(*comm_, comm_->is_root() && since_last_.elapsed_s() >= interval_s)) save(state);
  }

  const Communicator* comm_;
  Checkpoint slots_;
  double every_s_;
  Stopwatch since_last_;
};

// When the flow cannot be continued, the state is the last good one: it is kept.
void step_or_save(Integrator& integrator, RunState& state, double t_limit,
                  CheckpointKeeper& checkpoints) {
  try {
    integrator.step(state.flow, t_limit);
  } catch (const NumericalError&) {
    checkpoints.save(state);
    throw;
  }
}

}  // namespace

DecayLaw law_of(const FlowSpec& flow) {
  return flow.integrator == IntegratorKind::gradient_descent ? gradient_descent_decay(flow.step)
                                                             : exponential_decay;
}

Ending train(Archive& archive, const TrainSetting& setting, const StopRequest& stop,
             Progress& progress) {
  RunState state(setting.experiment);
  CheckpointKeeper checkpoints(archive, setting.job.checkpoint.every_s);
  if (checkpoints.resume(state))
    progress.say(fmt::format("resumed at t = {:.6g} from the last checkpoint", state.flow.time));
  archive.withdraw_snapshots(state.next_snapshot);

  const GradientFlow flow(setting.train);
  const auto integrator =
      make_integrator(setting.job.flow, flow, setting.observer.initial_train_norm());
  integrator->begin(state.flow);
  const auto n_snapshots = count_of(setting.times);
  while (state.next_snapshot < n_snapshots) {
    const double t = setting.times[static_cast<std::size_t>(state.next_snapshot)];
    while (state.flow.time < t) {
      step_or_save(*integrator, state, t, checkpoints);
      const double norm = setting.train.norm(integrator->residual());
      progress.update({state.flow.time, 0.5 * norm * norm, state.next_snapshot, n_snapshots});
      if (stop.pending(archive.comm())) {
        checkpoints.save(state);
        return Ending::stopped;
      }
      checkpoints.after_step(state);
    }
    record_snapshot(archive, state.next_snapshot, setting.observer.observe(state.flow.theta, t),
                    state.flow, setting);
    archive.commit_snapshot(state.next_snapshot);
    state.next_snapshot += 1;
    checkpoints.after_snapshot(state);
  }
  checkpoints.save(state);
  return Ending::completed;
}

}  // namespace ntkflow
