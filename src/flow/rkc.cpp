#include "ntkflow/flow/rkc.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/flow/spectral_radius.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

constexpr double damping = 2.0 / 13.0;
constexpr int max_stages = 250;
constexpr double stage_slope = 1.54;  // s^2 = 1 + 1.54 h rho, as in the code of rkc.hpp's source
constexpr Index steps_between_estimates = 25;
constexpr int iterations_first = 20, iterations_later = 3;

// The largest h times spectral radius that max_stages stages carry.
constexpr double stability_limit = ((max_stages - 1.0) * (max_stages - 1.0) - 1.0) / stage_slope;

}  // namespace

int chebyshev_stage_count(double h_times_spectral_radius) {
  return std::max(2, 1 + static_cast<int>(std::sqrt(1.0 + stage_slope * h_times_spectral_radius)));
}

ChebyshevStages chebyshev_stages(int s) {
  NTKFLOW_EXPECTS(s >= 2);
  const double w0 = 1.0 + damping / (static_cast<double>(s) * s);

  // Chebyshev polynomials at w0 with first and second derivatives, by their recursion.
  const auto size = static_cast<std::size_t>(s) + 1;
  std::vector<double> t(size), dt(size), ddt(size), b(size);
  t[0] = 1.0;
  t[1] = w0;
  dt[1] = 1.0;
  for (std::size_t j = 2; j < size; ++j) {
    t[j] = 2.0 * w0 * t[j - 1] - t[j - 2];
    dt[j] = 2.0 * w0 * dt[j - 1] - dt[j - 2] + 2.0 * t[j - 1];
    ddt[j] = 2.0 * w0 * ddt[j - 1] - ddt[j - 2] + 4.0 * dt[j - 1];
    b[j] = ddt[j] / (dt[j] * dt[j]);
  }
  b[0] = b[1] = b[2];
  const double w1 = dt[size - 1] / ddt[size - 1];

  ChebyshevStages result;
  result.first = b[1] * w1;
  for (std::size_t j = 2; j < size; ++j) {
    const double mu_tilde = 2.0 * b[j] * w1 / b[j - 1];
    const double a = 1.0 - b[j - 1] * t[j - 1];
    result.stages.push_back(
        {2.0 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2], mu_tilde, -a * mu_tilde});
  }
  return result;
}

RungeKuttaChebyshev::RungeKuttaChebyshev(const GradientFlow& flow, double tolerance,
                                         double initial_norm)
    : flow_(&flow),
      control_{.tolerance = tolerance,
               .share = std::min(1.0, 8.0 * std::sqrt(tolerance)),
               .exponent = 1.0 / 3.0},
      initial_norm_(norm_of_errors(initial_norm)) {}

void RungeKuttaChebyshev::begin(const FlowState& state) {
  at_state_ = evaluate_finite(*flow_, state);
}

void RungeKuttaChebyshev::step(FlowState& state, double t_limit) {
  for (;;) {
    refresh_spectral_radius(state);
    const double h = choose_step(state, t_limit);
    ShardedVector theta = attempt(state, h);
    const FlowJacobian at_end(*flow_, theta);
    GradientFlow::Evaluation next = at_end.evaluation();
    state.counters.evaluations += value_cost + flow_->vjp_cost();
    const double error = local_error(state, at_end, next, h);
    const double proposal = control_.proposal(h, error);
    if (control_.accepts(error)) {
      accept_step(state, h, proposal, t_limit, std::move(theta));
      state.steps_since_estimate += 1;
      at_state_ = std::move(next);
      return;
    }
    reject_step(state, proposal, error, control_.tolerance);
    estimate_spectral_radius(*flow_, state, iterations_later);
  }
}

void RungeKuttaChebyshev::refresh_spectral_radius(FlowState& state) const {
  const bool first = state.spectral_radius == 0.0;
  if (first || state.steps_since_estimate >= steps_between_estimates)
    estimate_spectral_radius(*flow_, state, first ? iterations_first : iterations_later);
}

double RungeKuttaChebyshev::choose_step(const FlowState& state, double t_limit) const {
  const double proposal =
      state.next_step > 0.0 ? state.next_step : first_step(state.spectral_radius);
  return step_within(std::min(proposal, stability_limit / state.spectral_radius),
                     t_limit - state.time);
}

ShardedVector RungeKuttaChebyshev::attempt(FlowState& state, double h) const {
  const int s = chebyshev_stage_count(round_for_decision(h * state.spectral_radius));
  const ChebyshevStages coefficients = chebyshev_stages(s);
  const Vector& u = state.theta.local();
  const Vector& f0 = at_state_->velocity.local();

  ShardedVector previous = state.theta;
  ShardedVector current = state.theta;
  current.local() += coefficients.first * h * f0;
  for (const auto& c : coefficients.stages) {
    const GradientFlow::Evaluation at = flow_->evaluate(current);
    previous.local() = (1.0 - c.mu - c.nu) * u + c.mu * current.local() + c.nu * previous.local() +
                       c.mu_tilde * h * at.velocity.local() + c.gamma_tilde * h * f0;
    std::swap(previous, current);
  }
  state.counters.evaluations += static_cast<double>(coefficients.stages.size());
  return current;
}

double RungeKuttaChebyshev::local_error(FlowState& state, const FlowJacobian& at_end,
                                        const GradientFlow::Evaluation& next, double h) const {
  ShardedVector estimate(state.theta.comm(), state.theta.count());
  estimate.local() = 0.8 * (state.theta.local() - at_end.theta().local()) +
                     0.4 * h * (at_state_->velocity.local() + next.velocity.local());
  state.counters.evaluations += flow_->jvp_cost();
  return error_for_decision(flow_->train().norm(at_end.jvp(estimate)) / initial_norm_);
}

}  // namespace ntkflow
