#include "ntkflow/flow/step_control.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/rounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

constexpr double safety = 0.9;
constexpr double smallest_factor = 0.2;
constexpr double smallest_step = 1e-12;  // times the spectral radius

}  // namespace

double StepControl::proposal(double h, double error) const {
  const double ratio = share * tolerance / std::max(error, 1e-300);
  const double factor =
      std::clamp(safety * std::pow(ratio, exponent), smallest_factor, largest_factor);
  return round_for_decision(factor * h);
}

double first_step(double spectral_radius, double share) {
  return round_for_decision(share / spectral_radius);
}

double error_for_decision(double error) {
  return std::isfinite(error) ? round_for_decision(error) : error_not_finite;
}

double step_within(double proposal, double rest) {
  if (proposal >= rest) return rest;
  return proposal > 0.5 * rest ? 0.5 * rest : proposal;
}

void accept_step(FlowState& state, double h, double proposal, double t_limit, ShardedVector theta) {
  const bool shortened = h < state.next_step;
  state.next_step = shortened ? std::max(state.next_step, proposal) : proposal;
  state.time = h == t_limit - state.time ? t_limit : state.time + h;
  state.theta = std::move(theta);
  state.counters.steps += 1;
}

void reject_step(FlowState& state, double proposal, double error, double tolerance) {
  state.counters.rejections += 1;
  state.next_step = proposal;
  if (proposal * state.spectral_radius >= smallest_step) return;
  const std::string cause =
      error >= error_not_finite
          ? "the residual is not finite, however small the step"
          : fmt::format("the step fell to {}; flow.tolerance = {} may be below rounding", proposal,
                        tolerance);
  throw NumericalError(
      fmt::format("the flow cannot be continued at t = {}: {}", state.time, cause));
}

}  // namespace ntkflow
