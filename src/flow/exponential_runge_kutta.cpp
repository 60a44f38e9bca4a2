#include "ntkflow/flow/exponential_runge_kutta.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/flow/phi_functions.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {

ExponentialRungeKutta::ExponentialRungeKutta(const GradientFlow& flow, double tolerance,
                                             double initial_norm)
    : flow_(&flow),
      control_{.tolerance = tolerance,
               .share = std::min(0.8, 15.0 * std::cbrt(tolerance)),
               .exponent = 1.0 / 4.0},
      initial_norm_(norm_of_errors(initial_norm)) {}

void ExponentialRungeKutta::begin(const FlowState& state) {
  at_state_ = finite_jacobian(*flow_, state);
  velocity_ = at_state_->evaluation().velocity;
  last_.reset();
}

void ExponentialRungeKutta::step(FlowState& state, double t_limit) {
  last_.reset();  // two kept passes are enough
  Linearisation base(*flow_, at_state_, *velocity_);
  state.counters.rebuilds += 1;
  state.spectral_radius = round_for_decision(base.eigenvalues()(0));
  if (state.next_step == 0.0) state.next_step = first_step(state.spectral_radius);
  for (;;) {
    const double h = step_within(state.next_step, t_limit - state.time);
    Attempt tried = attempt(state, base, h);
    const double proposal = control_.proposal(h, tried.error);
    if (control_.accepts(tried.error)) {
      last_ =
          LastStep{state.time, h, std::move(base), std::move(tried.middle), std::move(tried.end)};
      accept_step(state, h, proposal, t_limit, tried.next->theta());
      at_state_ = std::move(tried.next);
      velocity_ = std::move(tried.velocity);
      return;
    }
    reject_step(state, proposal, tried.error, control_.tolerance);
  }
}

ExponentialRungeKutta::Attempt ExponentialRungeKutta::attempt(FlowState& state,
                                                              const Linearisation& base,
                                                              double h) const {
  using Displacement = Linearisation::Displacement;
  std::shared_ptr<const FlowJacobian> at;
  ShardedVector velocity = state.theta;
  const auto defect_at = [&](const Displacement& displacement) {
    at = std::make_shared<FlowJacobian>(*flow_, base.moved(displacement));
    velocity = at->evaluation().velocity;
    state.counters.evaluations += 2.0 * flow_->vjp_cost() + value_cost + flow_->jvp_cost();
    return base.defect(displacement, velocity);
  };

  Displacement to_second(base), to_fourth(base), to_end(base);
  to_second.add(0.5 * h, 1, 0.5 * h, base.velocity());
  const Stage second = defect_at(to_second);
  Displacement to_third = to_second;
  to_third.add(h, 2, 0.5 * h, second);
  Stage middle = combine(0.5, second, 0.5, defect_at(to_third));
  const Stage third = combine(2.0, middle, -1.0, second);
  to_fourth.add(h, 1, h, base.velocity()).add(2.0 * h, 2, h, third);
  const Stage fourth = defect_at(to_fourth);
  to_end.add(h, 1, h, base.velocity());
  to_end.add(4.0 * h, 2, h, middle).add(-8.0 * h, 3, h, middle);
  to_end.add(4.0 * h, 3, h, fourth).add(-h, 2, h, fourth);
  Stage end = defect_at(to_end);

  const double error = error_of(base, h, fourth, end);
  return {std::move(middle), std::move(end), std::move(at), std::move(velocity), error};
}

// ||J U c||_W = ||Lambda^{1/2} c||.
double ExponentialRungeKutta::error_of(const Linearisation& base, double h, const Stage& fourth,
                                       const Stage& end) const {
  const Vector& lambda = base.eigenvalues();
  const Vector factor = h * (4.0 * phi_of(3, h, lambda) - phi_of(2, h, lambda));
  const Vector error =
      lambda.cwiseSqrt().cwiseProduct(factor).cwiseProduct(end.components - fourth.components);
  return error_for_decision(error.norm() / initial_norm_);
}

// With H = time - start, x = H / h: theta + H phi_1 F + H x phi_2 (4 D_m - D_5)
// + 2 H x^2 phi_3 (2 D_5 - 4 D_m), phi_k = phi_k(H L), D_m = (D_2 + D_3) / 2.
ShardedVector ExponentialRungeKutta::interpolate(FlowState& state, double time) const {
  if (time == state.time) return state.theta;
  NTKFLOW_EXPECTS(last_ && last_->time <= time && time < state.time);
  const double part = time - last_->time;
  const double x = part / last_->h;
  const Stage slope = combine(4.0, last_->middle, -1.0, last_->end);
  const Stage curvature = combine(2.0, last_->end, -4.0, last_->middle);
  Linearisation::Displacement displacement(last_->base);
  displacement.add(part, 1, part, last_->base.velocity());
  displacement.add(part * x, 2, part, slope).add(2.0 * part * x * x, 3, part, curvature);
  state.counters.evaluations += flow_->vjp_cost();
  return last_->base.moved(displacement);
}

}  // namespace ntkflow
