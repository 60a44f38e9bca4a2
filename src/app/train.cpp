#include "ntkflow/app/train.hpp"

#include "ntkflow/app/make_integrator.hpp"
#include "ntkflow/app/record.hpp"
#include "ntkflow/app/run_state.hpp"
#include "ntkflow/archive/checkpoint.hpp"
#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace ntkflow {
namespace {

/// Saves a checkpoint whenever the job's interval has passed by root's clock; after snapshots, which
/// a resumed run would otherwise repeat, sooner.
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

/// The run's state on its way through the times to look at, snapshots among them. What a checkpoint
/// holds is always the end of a step of which every time was looked at and every snapshot committed:
/// nothing inside a step is needed to go on.
class Course {
 public:
  Course(Archive& archive, const TrainSetting& setting)
      : archive_(archive),
        setting_(setting),
        checkpoints_(archive, setting.job.checkpoint.every_s),
        state_(setting.job, setting.experiment),
        resumed_(checkpoints_.resume(state_)),
        seconds_before_(state_.flow.seconds),
        flow_(setting.train),
        integrator_(make_integrator(setting.job.flow, flow_, setting.experiment.theta_0,
                                    setting.observer.initial_train_norm())) {
    withdrawn_ = archive.committed_snapshots() - state_.next_snapshot;
    archive.withdraw_snapshots(state_.next_snapshot);
    integrator_->begin(state_.flow);
    looks_ = setting.observables.look_times(setting.times);
    if (resumed_) next_look_ = std::ranges::upper_bound(looks_, state_.flow.time) - looks_.begin();
  }

  const RunState& state() const { return state_; }
  bool resumed() const { return resumed_; }
  /// Snapshots that were committed and come after the state to go on from.
  Index withdrawn() const { return withdrawn_; }
  bool finished() const { return state_.next_snapshot == snapshots(); }

  // One step, and what is to be seen on it.
  void advance() {
    if (state_.flow.time < next_time()) step();
    const Index first = state_.next_snapshot;
    while (!finished() && next_time() <= state_.flow.time) look_next();
    state_.next_snapshot > first ? checkpoints_.after_snapshot(state_)
                                 : checkpoints_.after_step(state_);
  }

  void save() {
    state_.flow.seconds = seconds_before_ + flow_.seconds();
    checkpoints_.save(state_);
  }

  Progress::Position position() const {
    const double norm = setting_.train.norm(integrator_->residual());
    return {state_.flow.time, 0.5 * norm * norm, state_.next_snapshot, snapshots()};
  }

 private:
  Index snapshots() const { return count_of(setting_.times); }
  double next_time() const { return looks_[static_cast<std::size_t>(next_look_)]; }
  double next_snapshot_time() const {
    return setting_.times[static_cast<std::size_t>(state_.next_snapshot)];
  }

  // When the flow cannot be continued, the state is the last good one: it is kept.
  void step() {
    const bool lands = integrator_->landing() == Landing::on_time;
    try {
      integrator_->step(state_.flow, lands ? next_time() : setting_.times.back());
    } catch (const Error& error) {
      if (error.exit_code() == ExitCode::numerical) save();
      throw;
    }
    state_.flow.seconds = seconds_before_ + flow_.seconds();
  }

  void look_next() {
    const double t = next_time();
    const ShardedVector theta = integrator_->interpolate(state_.flow, t);
    state_.flow.seconds = seconds_before_ + flow_.seconds();
    const AddElapsed timer(flow_.seconds().archive);
    setting_.observables.look(state_.deviation, theta, t);
    if (t >= next_snapshot_time()) {
      record_snapshot(archive_, state_, theta, setting_);
      archive_.commit_snapshot(state_.next_snapshot);
      state_.next_snapshot += 1;
    }
    next_look_ += 1;
  }

  Archive& archive_;
  const TrainSetting& setting_;
  CheckpointKeeper checkpoints_;
  RunState state_;
  bool resumed_;
  Index withdrawn_ = 0;
  FlowSeconds seconds_before_;  // of earlier starts of the program
  GradientFlow flow_;
  std::unique_ptr<Integrator> integrator_;
  std::vector<double> looks_;
  Index next_look_ = 0;
};

std::string cost_of(const FlowState& state) {
  const IntegratorCounters& c = state.counters;
  const FlowSeconds& s = state.seconds;
  return fmt::format(
      "flow: {:.0f} evaluations, {} steps, {} rejections, {} kernel rebuilds, {} Lanczos "
      "iterations; {:.1f} s evaluation, {:.1f} s kernel, {:.1f} s linear algebra, {:.1f} s "
      "communication, {:.1f} s "
      "archive",
      c.evaluations, c.steps, c.rejections, c.rebuilds, c.lanczos_iterations, s.evaluation,
      s.kernel, s.linear_algebra, s.communication, s.archive);
}

}  // namespace

DecayLaw law_of(const FlowSpec& flow) {
  return flow.is_discrete() ? gradient_descent_decay(flow.step) : exponential_decay;
}

Ending train(Archive& archive, const TrainSetting& setting, const StopRequest& stop,
             Progress& progress) {
  Course course(archive, setting);
  if (course.resumed())
    progress.say(
        fmt::format("resumed at t = {:.6g} from the last checkpoint", course.state().flow.time));
  else if (course.withdrawn() > 0)
    progress.say(
        fmt::format("no checkpoint of {} is whole: its {} snapshots are computed again "
                    "from t = 0",
                    archive.path(), course.withdrawn()));
  while (!course.finished()) {
    course.advance();
    progress.update(course.position());
    if (!course.finished() && stop.pending(archive.comm())) {
      course.save();
      return Ending::stopped;
    }
  }
  course.save();
  progress.say(cost_of(course.state().flow));
  return Ending::completed;
}

}  // namespace ntkflow
