#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/flow/flow_state.hpp"
#include "ntkflow/flow/residual_field.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"

namespace ntkflow {

/// The gradient flow d theta/dt = -grad Phi, Phi = (1/2) sum_a w_a r_a^2 (w_a = 1/n), with the
/// samples spread over the ranks and theta sharded. One gathered theta and one gradient of full
/// length live on a rank while it evaluates; all else is sharded.
/// Keeps a reference to the training field, which must outlive it.
/// Source: [BM22] section 2; the loss carries 1/n, so flow time is eta * iterations.
class GradientFlow {
 public:
  explicit GradientFlow(const ResidualField& train) : train_(&train) {}

  const ResidualField& train() const { return *train_; }

  /// What one forward and backward pass gives.
  struct Evaluation {
    Vector residual;         ///< at this rank's training points
    ShardedVector velocity;  ///< d theta / dt
  };

  /// Collective. Cost: one evaluation.
  Evaluation evaluate(const ShardedVector& theta) const;

  /// r at this rank's training points. Collective. Cost: a third of an evaluation.
  Vector residual(const ShardedVector& theta) const;

  /// J(theta)^T W u for u given at this rank's training points. Collective. Cost: vjp_cost.
  ShardedVector vjp(const ShardedVector& theta, const Vector& u) const;

  /// J(theta) direction at this rank's training points. Collective. Cost: jvp_cost.
  Vector jvp(const ShardedVector& theta, const ShardedVector& direction) const;

  /// K_t W u = J (J^T (w u)) at this rank's training points: the operator T_n^t, whose largest
  /// eigenvalue bounds explicit steps. Collective. Cost: vjp_cost + jvp_cost.
  Vector apply_kernel(const ShardedVector& theta, const Vector& u) const;

  /// Wall time that went into all of this so far, on this rank.
  FlowSeconds& seconds() const { return seconds_; }

 private:
  Vector gather(const ShardedVector& vector) const;
  ShardedVector scatter_sum(const Communicator& comm, const Vector& whole) const;

  const ResidualField* train_;
  mutable FlowSeconds seconds_;
};

}  // namespace ntkflow
