#pragma once

#include "ntkflow/flow/flow_state.hpp"

namespace ntkflow {

/// How an adaptive integrator turns the error of a step into the next step's size: its factor is
/// 0.9 (share tolerance / error)^exponent within [0.2, largest_factor]. Everything is decided on rounded
/// values.
/// Source: Hairer, Norsett, Wanner, Solving ODEs I, section II.4.
struct StepControl {
  double tolerance = 1e-3;  ///< for the error at any time
  double share = 1.0;       ///< of it, what the estimate of one step may reach
  double exponent = 0.5;    ///< 1 / (order of the local error estimate)
  double largest_factor = 5.0;

  /// The size proposed after a step of h with this error. Shape: error >= 0; not finite: very
  /// large.
  double proposal(double h, double error) const;

  bool accepts(double error) const { return error <= share * tolerance; }
};

/// What errors are measured by: ||r_0||, or 1 where that is 0.
inline double norm_of_errors(double initial_norm) {
  return initial_norm > 0.0 ? initial_norm : 1.0;
}

/// The size that is tried first.
double first_step(double spectral_radius, double share = 0.05);

/// Stands for the error of a step to numbers that are not finite.
constexpr double error_not_finite = 1e10;

/// An error estimate fit for decisions: rounded, and error_not_finite for what is not finite.
double error_for_decision(double error);

/// The step that is tried of a proposed one: what is left where that is no more, half of it where
/// the proposal passes the half, so that no sliver remains.
double step_within(double proposal, double rest);

/// Moves the state to theta after an accepted step of h towards t_limit. A step that was shortened
/// to land on t_limit does not shorten the ones after it.
void accept_step(FlowState& state, double h, double proposal, double t_limit, ShardedVector theta);

/// Notes a step rejected for its error, and its successor.
/// Throws: NumericalError when the step has become so small that rounding, or a residual that is not
/// finite, must be the cause.
void reject_step(FlowState& state, double proposal, double error, double tolerance);

}  // namespace ntkflow
