#include "ntkflow/flow/gradient_flow.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

double loss(const CircleProblem& problem, const Vector& theta) {
  const double norm = problem.train.norm(problem.train.value(span_of(theta)));
  return 0.5 * norm * norm;
}

TEST(GradientFlow, velocity_is_minus_the_gradient_of_the_mean_loss) {
  const CircleProblem problem(world());
  FlowState state = problem.initial_state(world());
  const Vector theta = state.theta.gather();

  const Vector velocity = problem.flow.evaluate(state.theta).velocity.gather();

  for (Index i : {Index{0}, Index{7}, theta.size() - 1}) {
    constexpr double h = 1e-5;
    Vector above = theta, below = theta;
    above(i) += h;
    below(i) -= h;
    const double slope = (loss(problem, above) - loss(problem, below)) / (2 * h);
    EXPECT_NEAR(velocity(i), -slope, 1e-9);
  }
}

TEST(ResidualField, centred_start_begins_at_minus_the_target) {
  const CircleProblem problem(world(), 13, 16, Start::centred);
  FlowState state = problem.initial_state(world());
  const Vector theta = state.theta.gather();

  const Vector residual = problem.train.value(span_of(theta));

  EXPECT_EQ(residual, -problem.train.my_targets());
}

}  // namespace
}  // namespace ntkflow
