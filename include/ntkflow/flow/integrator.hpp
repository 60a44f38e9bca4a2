#pragma once

#include "ntkflow/flow/flow_state.hpp"
#include "ntkflow/flow/flow_jacobian.hpp"
#include "ntkflow/flow/gradient_flow.hpp"

#include <memory>

namespace ntkflow {

/// Where an integrator is able to stop.
enum class Landing {
  on_time,     ///< steps end at the times asked for
  within_step  ///< steps pass them, and interpolate() gives theta there
};

/// Carries a FlowState along the gradient flow, one accepted step a call.
class Integrator {
 public:
  virtual ~Integrator() = default;

  /// Makes ready to continue from a state: at the start, or after a checkpoint was loaded.
  /// Counts nothing. Collective.
  /// Throws: NumericalError where an adaptive integrator finds a residual that is not finite; what
  /// TangentKernel::rebuild() throws.
  virtual void begin(const FlowState& state) = 0;

  /// One accepted step that does not pass t_limit and lands on it exactly when it gets there.
  /// Collective. Throws: Error (exit 78) on all ranks when the flow cannot be continued; the state is
  /// then the last good one.
  virtual void step(FlowState& state, double t_limit) = 0;

  virtual Landing landing() const { return Landing::on_time; }

  /// theta at a time within the last step, its end included, as accurate as the step itself; what
  /// it costs is counted. Collective.
  virtual ShardedVector interpolate(FlowState& state, double time) const;

  /// r at this rank's training points, at the state of the last begin() or step().
  virtual const Vector& residual() const = 0;
};

/// r and d theta/dt, or r and J, at a state that integration begins from. Collective.
/// Throws: NumericalError when the residual is not finite.
GradientFlow::Evaluation evaluate_finite(const GradientFlow& flow, const FlowState& state);
std::shared_ptr<const FlowJacobian> finite_jacobian(const GradientFlow& flow,
                                                    const FlowState& state);

}  // namespace ntkflow
