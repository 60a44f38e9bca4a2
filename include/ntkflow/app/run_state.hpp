#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/make_integrator.hpp"
#include "ntkflow/flow/flow_state.hpp"

namespace ntkflow {

/// What a checkpoint holds: the flow, and how far the archive has got.
struct RunState {
  FlowState flow;
  Index next_snapshot = 0;  ///< the first one that is not committed

  /// The start of a run.
  RunState(const Experiment& experiment, const FlowSpec& spec)
      : flow(experiment.theta_0.comm(), experiment.theta_0.count(),
             experiment.points.train->count()) {
    flow.theta = experiment.theta_0;
    const Index n = experiment.points.train->count();
    if (keeps_kernel_memory(spec, n))
      flow.kernel.emplace(experiment.theta_0.comm(), experiment.theta_0.count(), n);
  }
};

template <typename Visitor>
void visit_fields(RunState& state, Visitor&& field) {
  visit_fields(state.flow, field);
  field("next_snapshot", state.next_snapshot);
}

}  // namespace ntkflow
