#include "ntkflow/flow/gradient_descent.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {

void GradientDescent::begin(const FlowState& state) {
  at_state_ = flow_->evaluate(state.theta);
}

void GradientDescent::step(FlowState& state, double t_limit) {
  ShardedVector theta = state.theta;
  theta.local() += eta_ * at_state_->velocity.local();
  GradientFlow::Evaluation next = flow_->evaluate(theta);
  if (!(flow_->train().norm(next.residual) <= largest_norm_))
    throw NumericalError(fmt::format(
        "gradient descent diverged at iteration {}: flow.step = {} is too large, it must stay "
        "below 2 / (largest eigenvalue of the kernel matrix / n)",
        state.counters.steps + 1, eta_));

  state.theta = std::move(theta);
  state.counters.steps += 1;
  state.counters.evaluations += 1;
  // Snapshot times are multiples of eta, but eta * steps may differ from them in the last bit.
  const double time = eta_ * static_cast<double>(state.counters.steps);
  state.time = std::abs(time - t_limit) < 0.5 * eta_ ? t_limit : time;
  at_state_ = std::move(next);
}

}  // namespace ntkflow
