#pragma once

#include "ntkflow/flow/integrator.hpp"
#include "ntkflow/flow/training_modes.hpp"

namespace ntkflow {

/// The linearised network's gradient flow, or its gradient descent of step eta, without stepping:
/// with the eigenpairs (lambda_i, phi_i) of T = K_0 W and c_i = <phi_i, r_0>,
///     theta(t) = theta_0 - J_0^T W sum_i g(lambda_i) c_i phi_i,
/// g(lambda) = t phi_1(-lambda t) for the flow, (1 - (1 - eta lambda)^s) / lambda after s steps;
/// neither divides by an eigenvalue that is 0. The flow must be that of a linearised field, which
/// then gives r_lin(x, t) everywhere.
class LinearisedFlow : public Integrator {
 public:
  /// eta 0: the flow itself. Decomposes K_0. Collective.
  LinearisedFlow(const GradientFlow& flow, const ShardedVector& theta_0, double eta);

  void begin(const FlowState& state) override;
  void step(FlowState& state, double t_limit) override;
  const Vector& residual() const override { return residual_; }

 private:
  const GradientFlow* flow_;
  ShardedVector theta_0_;
  double eta_;
  TrainingModes modes_;
  Vector initial_;  // c
  Vector residual_;
};

/// The factor g above: how much of an eigenvalue's component has been undone at time t, over
/// lambda. eta 0: of the flow.
double undone(double lambda, double t, double eta);

}  // namespace ntkflow
