#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ntkflow {

/// What an integrator has done so far.
struct IntegratorCounters {
  /// Full-batch forward and backward passes, the one at theta_0 included; their parts
  /// count what evaluation_cost.hpp says.
  double evaluations = 1;
  Index steps = 0;  ///< accepted
  Index rejections = 0;
  Index rebuilds = 0;            ///< of the kernel matrix K_t
  Index lanczos_iterations = 0;  ///< steps, each a product with it
};

/// Where the time of a flow goes, in seconds of wall time.
struct FlowSeconds {
  double evaluation = 0.0;      ///< forward and backward passes, J v, J^T u
  double kernel = 0.0;          ///< the matrix K_t, with its messages
  double linear_algebra = 0.0;  ///< Lanczos, corrections, decompositions, with their messages
  double communication = 0.0;   ///< of theta and of gradients, waiting included
  double archive = 0.0;         ///< observables, snapshots, checkpoints
};

inline FlowSeconds operator+(const FlowSeconds& a, const FlowSeconds& b) {
  return {a.evaluation + b.evaluation, a.kernel + b.kernel, a.linear_algebra + b.linear_algebra,
          a.communication + b.communication, a.archive + b.archive};
}

/// What an integrator with a kernel matrix needs to make that matrix again: where it was built, and
/// the secants that have corrected it since.
struct KernelMemory {
  static constexpr Index capacity = 14;  ///< 10 to 20 take as many evaluations, within a tenth

  ShardedVector built_at;  ///< theta
  Index secants = 0;       ///< in use
  std::vector<ShardedVector> directions;
  std::vector<ShardedVector> gains;

  KernelMemory(const Communicator& comm, Index n_parameters, Index n_samples)
      : built_at(comm, n_parameters),
        directions(capacity, ShardedVector(comm, n_samples)),
        gains(capacity, ShardedVector(comm, n_samples)) {}
};

/// Everything that fixes the rest of a run: with the same ranks, a run continued from this state is
/// bit-identical to one that was never interrupted, but for `seconds`. What can be recomputed from theta with the same
/// bits (velocity, residual) is not part of it.
struct FlowState {
  double time = 0.0;
  ShardedVector theta;
  IntegratorCounters counters;
  FlowSeconds seconds;  ///< of all starts of the program together

  // Memory of adaptive integrators.
  double next_step = 0.0;        ///< the controller's proposal; 0 before the first step
  double spectral_radius = 0.0;  ///< estimate of the largest eigenvalue of T_n^t; 0: none yet
  Index steps_since_estimate = 0;
  ShardedVector dominant;              ///< direction of that eigenvalue on the training points
  std::optional<KernelMemory> kernel;  ///< only of FilteredExponential

  FlowState(const Communicator& comm, Index n_parameters, Index n_samples)
      : theta(comm, n_parameters), dominant(comm, n_samples) {}
};

template <typename Visitor>
void visit_fields(KernelMemory& memory, Visitor&& field) {
  field("kernel_built_at", memory.built_at);
  field("kernel_secants", memory.secants);
  for (std::size_t i = 0; i < memory.directions.size(); ++i) {
    field("kernel_direction_" + std::to_string(i), memory.directions[i]);
    field("kernel_gain_" + std::to_string(i), memory.gains[i]);
  }
}

/// The one list of a state's fields, for the writer and the reader of checkpoints.
template <typename Visitor>
void visit_fields(FlowState& state, Visitor&& field) {
  field("time", state.time);
  field("theta", state.theta);
  field("evaluations", state.counters.evaluations);
  field("steps", state.counters.steps);
  field("rejections", state.counters.rejections);
  field("rebuilds", state.counters.rebuilds);
  field("lanczos_iterations", state.counters.lanczos_iterations);
  field("seconds_evaluation", state.seconds.evaluation);
  field("seconds_kernel", state.seconds.kernel);
  field("seconds_linear_algebra", state.seconds.linear_algebra);
  field("seconds_communication", state.seconds.communication);
  field("seconds_archive", state.seconds.archive);
  field("next_step", state.next_step);
  field("spectral_radius", state.spectral_radius);
  field("steps_since_estimate", state.steps_since_estimate);
  field("dominant", state.dominant);
  if (state.kernel) visit_fields(*state.kernel, field);
}

}  // namespace ntkflow
