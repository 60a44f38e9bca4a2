#include "ntkflow/flow/spectral_radius.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/flow/flow_jacobian.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {
namespace {

// The largest eigenvalue; `direction` becomes an improved one, of norm 1, but where it is 0.
double power_iteration(const ResidualField& train, const TrainingOperator& apply, Vector& direction,
                       int iterations) {
  double eigenvalue = 0.0;
  for (int i = 0; i < iterations; ++i) {
    const double length = train.norm(direction);
    if (length == 0.0) return 0.0;
    direction = apply(direction / length);
    eigenvalue = train.norm(direction);
  }
  if (eigenvalue > 0.0) direction /= eigenvalue;
  return eigenvalue;
}

}  // namespace

// The power method approaches from below, hence the reserve of 10 %.
void estimate_spectral_radius(const ResidualField& train, const TrainingOperator& apply,
                              FlowState& state, int iterations) {
  if (state.spectral_radius == 0.0) {
    const RandomStream random(0, RandomPurpose::power_iteration);
    const IndexRange mine = state.dominant.my_range();
    for (Index i = mine.first; i < mine.last; ++i)
      state.dominant.local()(i - mine.first) = random.normal(i);
  }
  const double largest = power_iteration(train, apply, state.dominant.local(), iterations);
  if (!std::isfinite(largest))
    throw NumericalError(fmt::format("the kernel K_t is not finite at t = {}", state.time));
  // A kernel that is 0 everywhere moves nothing: any positive radius will do.
  state.spectral_radius = largest > 0.0 ? round_for_decision(1.1 * largest) : 1e-300;
  state.steps_since_estimate = 0;
}

void estimate_spectral_radius(const GradientFlow& flow, FlowState& state, int iterations) {
  const FlowJacobian at(flow, state.theta);
  const auto apply = [&](const Vector& u) { return at.jvp(at.vjp(u)); };
  estimate_spectral_radius(flow.train(), apply, state, iterations);
  state.counters.evaluations += value_cost + iterations * (flow.vjp_cost() + flow.jvp_cost());
}

}  // namespace ntkflow
