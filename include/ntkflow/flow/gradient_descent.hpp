#pragma once

#include "ntkflow/flow/integrator.hpp"

#include <optional>

namespace ntkflow {

/// Full-batch gradient descent, theta <- theta - eta grad Phi: the discrete iteration itself, not an
/// approximation of the flow. Time is eta times the number of iterations; t_limit is reached by the
/// iteration nearest to it. Stable while eta < 2 / lambda_1(T_n^t); when the residual has grown a
/// million times over ||r_0|| = initial_norm, it has diverged.
class GradientDescent : public Integrator {
 public:
  GradientDescent(const GradientFlow& flow, double eta, double initial_norm)
      : flow_(&flow), eta_(eta), largest_norm_(1e6 * initial_norm) {}

  void begin(const FlowState& state) override;
  void step(FlowState& state, double t_limit) override;
  const Vector& residual() const override { return at_state_->residual; }

 private:
  const GradientFlow* flow_;
  double eta_;
  double largest_norm_;
  std::optional<GradientFlow::Evaluation> at_state_;
};

}  // namespace ntkflow
