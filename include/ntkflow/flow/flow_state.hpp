#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"

namespace ntkflow {

/// What an integrator has done so far.
struct IntegratorCounters {
  /// Full-batch forward and backward passes, the one at theta_0 included; a jvp counts 1/3.
  double evaluations = 1;
  Index steps = 0;  ///< accepted
  Index rejections = 0;
};

/// Everything that fixes the rest of a run: with the same ranks, a run continued from this state is
/// bit-identical to one that was never interrupted. What can be recomputed from theta with the same
/// bits (velocity, residual) is not part of it.
struct FlowState {
  double time = 0.0;
  ShardedVector theta;
  IntegratorCounters counters;

  // Memory of adaptive integrators.
  double next_step = 0.0;        ///< the controller's proposal; 0 before the first step
  double spectral_radius = 0.0;  ///< estimate of the largest eigenvalue of T_n^t; 0: none yet
  Index steps_since_estimate = 0;
  ShardedVector dominant;  ///< direction of that eigenvalue on the training points

  FlowState(const Communicator& comm, Index n_parameters, Index n_samples)
      : theta(comm, n_parameters), dominant(comm, n_samples) {}
};

/// The one list of a state's fields, for the writer and the reader of checkpoints.
template <typename Visitor>
void visit_fields(FlowState& state, Visitor&& field) {
  field("time", state.time);
  field("theta", state.theta);
  field("evaluations", state.counters.evaluations);
  field("steps", state.counters.steps);
  field("rejections", state.counters.rejections);
  field("next_step", state.next_step);
  field("spectral_radius", state.spectral_radius);
  field("steps_since_estimate", state.steps_since_estimate);
  field("dominant", state.dominant);
}

}  // namespace ntkflow
