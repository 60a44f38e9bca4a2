#pragma once

#include "ntkflow/flow/gradient_flow.hpp"
#include "ntkflow/network/network_jacobian.hpp"

#include <optional>

namespace ntkflow {

/// J(theta) on the training points at one theta, with its forward pass kept where GradientFlow says
/// so: then J v costs a third of an evaluation and J^T u two thirds; else both repeat that pass.
/// Keeps references to the flow and to its training field.
class FlowJacobian {
 public:
  /// A forward pass. Collective. Cost: value_cost.
  FlowJacobian(const GradientFlow& flow, ShardedVector theta);

  const ShardedVector& theta() const { return theta_; }

  /// r at this rank's training points.
  const Vector& residual() const { return residual_; }

  /// J^T W u, for u given at this rank's training points. Collective. Cost: flow.vjp_cost().
  ShardedVector vjp(const Vector& u) const;

  /// J direction at this rank's training points. Collective. Cost: flow.jvp_cost().
  Vector jvp(const ShardedVector& direction) const;

  /// r and d theta/dt = -J^T W r. Collective. Cost: flow.vjp_cost().
  GradientFlow::Evaluation evaluation() const;

 private:
  const GradientFlow* flow_;
  ShardedVector theta_;
  std::optional<NetworkJacobian> kept_;
  Vector residual_;
};

}  // namespace ntkflow
