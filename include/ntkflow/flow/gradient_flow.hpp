#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/flow/evaluation_cost.hpp"
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
  /// A FlowJacobian keeps its forward pass while that and theta take at most most_kept bytes on every
  /// rank; two of them live at a time.
  explicit GradientFlow(const ResidualField& train, double most_kept = kept_bytes);

  /// The default: two such passes are a small part of a core's share of memory.
  static constexpr double kept_bytes = 256e6;

  const ResidualField& train() const { return *train_; }

  /// What one forward and backward pass gives.
  struct Evaluation {
    Vector residual;         ///< at this rank's training points
    ShardedVector velocity;  ///< d theta / dt
  };

  /// Collective. Cost: one evaluation (of a linearised field jvp_cost() + vjp_cost()).
  Evaluation evaluate(const ShardedVector& theta) const;

  /// r at this rank's training points. Collective. Cost: a third of an evaluation (of a linearised
  /// field jvp_cost()).
  Vector residual(const ShardedVector& theta) const;

  /// What products of a FlowJacobian cost; the same on all ranks.
  bool keeps_forward_passes() const { return keeps_; }
  double vjp_cost() const { return backward_cost + (keeps_ ? 0.0 : value_cost); }
  double jvp_cost() const { return tangent_cost + (keeps_ ? 0.0 : value_cost); }

  /// J(theta)^T W u for u given at this rank's training points. Collective. Cost: an evaluation.
  ShardedVector vjp(const ShardedVector& theta, const Vector& u) const;

  /// J(theta) direction at this rank's training points. Collective. Cost: two thirds of an
  /// evaluation.
  Vector jvp(const ShardedVector& theta, const ShardedVector& direction) const;

  /// Where this flow's time went so far, on this rank; what works on it adds its own.
  FlowSeconds& seconds() const { return seconds_; }

 private:
  friend class FlowJacobian;

  Vector gather(const ShardedVector& vector) const;
  ShardedVector scatter_sum(const Communicator& comm, const Vector& whole) const;

  const ResidualField* train_;
  bool keeps_;
  mutable FlowSeconds seconds_;
};

}  // namespace ntkflow
