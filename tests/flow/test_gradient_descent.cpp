#include "ntkflow/flow/gradient_descent.hpp"

#include "ntkflow/base/error.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(GradientDescent, each_step_moves_against_the_gradient) {
  const CircleProblem problem(world());
  FlowState state = problem.initial_state(world());
  GradientDescent integrator(problem.flow, 0.1, 1.0);
  integrator.begin(state);
  ShardedVector expected = state.theta;

  for (int i = 0; i < 5; ++i) {
    expected.local() += 0.1 * problem.flow.evaluate(expected).velocity.local();
    integrator.step(state, 100.0);
  }

  EXPECT_EQ(state.theta.local(), expected.local());
  EXPECT_EQ(state.counters.steps, 5);
  EXPECT_DOUBLE_EQ(state.time, 0.5);
}

TEST(GradientDescent, lands_on_multiples_of_its_step_exactly) {
  const CircleProblem problem(world());
  FlowState state = problem.initial_state(world());
  GradientDescent integrator(problem.flow, 0.1, 1.0);
  integrator.begin(state);

  for (double limit : {0.3, 0.7, 1.1}) {
    while (state.time < limit) integrator.step(state, limit);
    EXPECT_EQ(state.time, limit);
  }

  EXPECT_EQ(state.counters.steps, 11);
}

TEST(GradientDescent, says_so_when_the_step_is_too_large) {
  const CircleProblem problem(world());
  FlowState state = problem.initial_state(world());
  GradientDescent integrator(problem.flow, 100.0, 1.0);
  integrator.begin(state);

  EXPECT_THROW(
      {
        for (int i = 0; i < 2000; ++i) integrator.step(state, 1e6);
      },
      NumericalError);
  EXPECT_TRUE(state.theta.gather().allFinite());
}

}  // namespace
}  // namespace ntkflow
