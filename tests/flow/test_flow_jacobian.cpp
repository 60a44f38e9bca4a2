#include "ntkflow/flow/flow_jacobian.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

Vector wave(IndexRange range, double frequency) {
  return Vector::NullaryExpr(range.count(), [&](Index i) {
    return std::sin(frequency * static_cast<double>(range.first + i + 1));
  });
}

// <u, J v> in the training field's inner product is <J^T W u, v>.
TEST(FlowJacobian, vjp_is_the_adjoint_of_jvp) {
  const CircleProblem problem(world());
  const FlowJacobian at(problem.flow, problem.initial_theta(world()));
  const Vector u = wave(problem.train.my_range(), 1.3);
  ShardedVector v = at.theta();
  v.local() = wave(v.my_range(), 0.7);

  const double left = problem.train.inner(u, at.jvp(v));
  const double right = sum_over_ranks(world(), at.vjp(u).local().dot(v.local()));

  EXPECT_NEAR(left, right, 1e-13 * std::abs(left));
  EXPECT_GT(std::abs(left), 1e-3);
}

TEST(FlowJacobian, kept_and_repeated_passes_agree_and_differ_in_cost) {
  const CircleProblem problem(world());
  const GradientFlow repeating(problem.train, 0.0);
  const ShardedVector theta = problem.initial_theta(world());
  const FlowJacobian kept(problem.flow, theta), repeated(repeating, theta);
  const Vector u = wave(problem.train.my_range(), 1.3);

  EXPECT_TRUE(problem.flow.keeps_forward_passes());
  EXPECT_FALSE(repeating.keeps_forward_passes());
  EXPECT_EQ(kept.residual(), repeated.residual());
  EXPECT_EQ(kept.vjp(u).local(), repeated.vjp(u).local());
  EXPECT_EQ(kept.jvp(theta), repeated.jvp(theta));
  EXPECT_EQ(kept.evaluation().velocity.local(), repeating.evaluate(theta).velocity.local());
  EXPECT_DOUBLE_EQ(value_cost + problem.flow.vjp_cost(), 1.0);
  EXPECT_DOUBLE_EQ(repeating.vjp_cost() - problem.flow.vjp_cost(), value_cost);
  EXPECT_DOUBLE_EQ(repeating.jvp_cost() - problem.flow.jvp_cost(), value_cost);
}

TEST(FlowJacobian, of_a_linearised_network_stays_that_of_the_start) {
  const CircleProblem problem(world());
  const ShardedVector start = problem.initial_theta(world());
  const ResidualField linear(problem.network, problem.points, start, Model::linearised);
  const GradientFlow flow(linear);
  ShardedVector moved = start;
  moved.local().array() += 0.1;
  const Vector u = wave(linear.my_range(), 1.3);

  const FlowJacobian at(flow, moved);

  EXPECT_FALSE(flow.keeps_forward_passes());
  EXPECT_EQ(at.vjp(u).local(), FlowJacobian(problem.flow, start).vjp(u).local());
  const Vector whole = moved.gather();
  EXPECT_EQ(at.residual(), linear.value(span_of(whole)));
}

}  // namespace
}  // namespace ntkflow
