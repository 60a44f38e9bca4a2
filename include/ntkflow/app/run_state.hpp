#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/make_integrator.hpp"
#include "ntkflow/flow/flow_state.hpp"
#include "ntkflow/observe/deviation_state.hpp"

namespace ntkflow {

/// What a checkpoint holds: the flow, what observables sum up on the way, and how far the archive
/// has got.
struct RunState {
  FlowState flow;
  DeviationState deviation;
  Index next_snapshot = 0;  ///< the first one that is not committed

  /// The start of a run.
  RunState(const JobConfig& job, const Experiment& experiment)
      : flow(experiment.theta_0.comm(), experiment.theta_0.count(),
             experiment.points.train->count()) {
    flow.theta = experiment.theta_0;
    const Index n = experiment.points.train->count();
    if (keeps_kernel_memory(job.flow, n))
      flow.kernel.emplace(experiment.theta_0.comm(), experiment.theta_0.count(), n);
    if (!job.observe.deviations) return;
    const ModeCounts modes = mode_counts(job, experiment.points);
    deviation = DeviationState(modes.reference, modes.train);
  }
};

template <typename Visitor>
void visit_fields(RunState& state, Visitor&& field) {
  visit_fields(state.flow, field);
  visit_fields(state.deviation, field);
  field("next_snapshot", state.next_snapshot);
}

}  // namespace ntkflow
