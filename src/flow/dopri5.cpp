#include "ntkflow/flow/dopri5.hpp"

#include "ntkflow/flow/flow_jacobian.hpp"
#include "ntkflow/flow/spectral_radius.hpp"

#include <array>

namespace ntkflow {
namespace {

// Row i: the weights of F_0..F_i in the argument of F_{i+1}; the last row is the new theta.
constexpr std::size_t stages = 6;
constexpr std::array<std::array<double, stages>, stages> weights = {{
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0.0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
}};

// The solution of order 5 less that of order 4, over h, in terms of F_0..F_6.
constexpr std::array<double, stages + 1> error_weights = {
    71.0 / 57600, 0.0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

constexpr int rough_iterations = 5;  // the first step needs sigma_1's size only

}  // namespace

DormandPrince::DormandPrince(const GradientFlow& flow, double tolerance, double initial_norm)
    : flow_(&flow),
      control_{.tolerance = tolerance, .exponent = 1.0 / 5.0},
      initial_norm_(norm_of_errors(initial_norm)) {}

void DormandPrince::begin(const FlowState& state) {
  at_state_ = evaluate_finite(*flow_, state);
}

void DormandPrince::step(FlowState& state, double t_limit) {
  if (state.spectral_radius == 0.0) estimate_spectral_radius(*flow_, state, rough_iterations);
  if (state.next_step == 0.0) state.next_step = first_step(state.spectral_radius);
  for (;;) {
    const double h = step_within(state.next_step, t_limit - state.time);
    Attempt tried = attempt(state, h);
    const double proposal = control_.proposal(h, tried.error);
    if (control_.accepts(tried.error)) {
      accept_step(state, h, proposal, t_limit, std::move(tried.theta));
      at_state_ = std::move(tried.next);
      return;
    }
    reject_step(state, proposal, tried.error, control_.tolerance);
  }
}

DormandPrince::Attempt DormandPrince::attempt(FlowState& state, double h) const {
  std::vector<Vector> slopes = {at_state_->velocity.local()};
  ShardedVector theta = state.theta;
  const auto move_along = [&](const auto& row) {
    theta.local() = state.theta.local();
    for (std::size_t i = 0; i < slopes.size(); ++i) theta.local() += h * row[i] * slopes[i];
  };
  for (std::size_t j = 0; j + 1 < stages; ++j) {
    move_along(weights[j]);
    slopes.push_back(flow_->evaluate(theta).velocity.local());
  }
  move_along(weights.back());
  const FlowJacobian at_end(*flow_, theta);
  GradientFlow::Evaluation next = at_end.evaluation();
  slopes.push_back(next.velocity.local());

  ShardedVector difference(theta.comm(), theta.count());
  for (std::size_t i = 0; i < slopes.size(); ++i)
    difference.local() += h * error_weights[i] * slopes[i];
  state.counters.evaluations += (stages - 1.0) + value_cost + flow_->vjp_cost() + flow_->jvp_cost();
  const double error = flow_->train().norm(at_end.jvp(difference)) / initial_norm_;
  return {std::move(theta), std::move(next), error_for_decision(error)};
}

}  // namespace ntkflow
