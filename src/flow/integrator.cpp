#include "ntkflow/flow/integrator.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {

ShardedVector Integrator::interpolate(FlowState& state, double time) const {
  NTKFLOW_EXPECTS(time == state.time);
  return state.theta;
}

GradientFlow::Evaluation evaluate_finite(const GradientFlow& flow, const FlowState& state) {
  return finite_jacobian(flow, state)->evaluation();
}

std::shared_ptr<const FlowJacobian> finite_jacobian(const GradientFlow& flow,
                                                    const FlowState& state) {
  auto at = std::make_shared<FlowJacobian>(flow, state.theta);
  if (!std::isfinite(flow.train().norm(at->residual())))
    throw NumericalError(fmt::format("the network's output is not finite at t = {}", state.time));
  return at;
}

}  // namespace ntkflow
