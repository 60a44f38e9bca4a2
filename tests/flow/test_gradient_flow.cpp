#include "ntkflow/flow/gradient_flow.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <Eigen/Eigenvalues>
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

TEST(GradientFlow, power_iteration_finds_the_largest_eigenvalue_of_the_kernel_over_n) {
  const CircleProblem problem(world(), 7);
  FlowState state = problem.initial_state(world());
  const Index n = problem.points.count();
  Matrix kernel(n, n);  // column a: T_n applied to the a-th unit vector
  for (Index a = 0; a < n; ++a) {
    ShardedVector unit(world(), n);
    if (unit.my_range().contains(a)) unit.local()(a - unit.my_range().first) = 1.0;
    unit.local() = problem.flow.apply_kernel(state.theta, unit.local());
    kernel.col(a) = unit.gather();
  }
  const double expected = Eigen::SelfAdjointEigenSolver<Matrix>(kernel).eigenvalues().maxCoeff();
  state.dominant.local().setOnes();

  const double found = power_iteration(problem.flow, state.theta, state.dominant.local(), 200);

  EXPECT_LE((kernel - kernel.transpose()).norm(), 1e-13 * kernel.norm());
  EXPECT_NEAR(found, expected, 1e-8 * expected);
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
