#pragma once

#include "ntkflow/flow/flow_state.hpp"
#include "ntkflow/flow/gradient_flow.hpp"

namespace ntkflow {

/// Carries a FlowState along the gradient flow, one accepted step a call.
class Integrator {
 public:
  virtual ~Integrator() = default;

  /// Makes ready to continue from a state: at the start, or after a checkpoint was loaded.
  /// Counts nothing. Collective.
  virtual void begin(const FlowState& state) = 0;

  /// One accepted step that does not pass t_limit and lands on it exactly when it gets there.
  /// Collective. Throws: NumericalError when the flow cannot be continued; the state is then the
  /// last good one.
  virtual void step(FlowState& state, double t_limit) = 0;

  /// r at this rank's training points, at the state of the last begin() or step().
  virtual const Vector& residual() const = 0;
};

}  // namespace ntkflow
