#pragma once

#include "ntkflow/flow/integrator.hpp"
#include "ntkflow/flow/step_control.hpp"

#include <optional>
#include <vector>

namespace ntkflow {

/// The explicit Runge-Kutta pair of order 5(4), with error control in function space: the
/// difference of the two solutions, mapped by one jvp to the training points, relative to ||r_0||.
/// Six evaluations and a jvp a step; stable while h sigma_1 < 3.3, so cost grows as sigma_1 t.
/// Source: Dormand, Prince 1980; Hairer, Norsett, Wanner, Solving ODEs I, table II.5.2.
class DormandPrince : public Integrator {
 public:
  DormandPrince(const GradientFlow& flow, double tolerance, double initial_norm);

  void begin(const FlowState& state) override;
  void step(FlowState& state, double t_limit) override;
  const Vector& residual() const override { return at_state_->residual; }

 private:
  struct Attempt {
    ShardedVector theta;
    GradientFlow::Evaluation next;
    double error;
  };
  Attempt attempt(FlowState& state, double h) const;

  const GradientFlow* flow_;
  StepControl control_;
  double initial_norm_;
  std::optional<GradientFlow::Evaluation> at_state_;
};

}  // namespace ntkflow
