#include "ntkflow/flow/linearised_flow.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/flow/phi_functions.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {

double undone(double lambda, double t, double eta) {
  if (eta == 0.0) return t * phi(1, -lambda * t);
  const double steps = std::round(t / eta), x = eta * lambda;
  if (lambda == 0.0) return eta * steps;
  if (x < 1.0) return -std::expm1(steps * std::log1p(-x)) / lambda;
  return (1.0 - std::pow(1.0 - x, steps)) / lambda;
}

LinearisedFlow::LinearisedFlow(const GradientFlow& flow, const ShardedVector& theta_0, double eta)
    : flow_(&flow),
      theta_0_(theta_0),
      eta_(eta),
      modes_(tangent_modes(flow, theta_0)),
      initial_(modes_.components(flow.train(), flow.residual(theta_0))) {
  NTKFLOW_EXPECTS(flow.train().is_linearised());
}

void LinearisedFlow::begin(const FlowState& state) {
  residual_ = flow_->residual(state.theta);
}

void LinearisedFlow::step(FlowState& state, double t_limit) {
  const Vector factor =
      modes_.eigenvalues.unaryExpr([&](double lambda) { return undone(lambda, t_limit, eta_); });
  ShardedVector theta = flow_->vjp(theta_0_, modes_.functions * factor.cwiseProduct(initial_));
  theta.local() = theta_0_.local() - theta.local();
  Vector residual = flow_->residual(theta);
  if (!std::isfinite(flow_->train().norm(residual)))
    throw NumericalError(
        fmt::format("the linearised network is not finite at t = {}: flow.step must stay below 2 / "
                    "(largest eigenvalue of K_0 / n)",
                    t_limit));
  state.theta = std::move(theta);
  state.time = t_limit;
  state.counters.steps += 1;
  state.counters.evaluations += flow_->vjp_cost() + flow_->jvp_cost();
  residual_ = std::move(residual);
}

}  // namespace ntkflow
