// Training with weights: the loss is (1/2) sum_a w_a r_a^2, so that a point of double weight is two
// points.

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// Points 0, 1, 2 with the weights 1/2, 1/4, 1/4, and the same as the points 0, 0, 1, 2.
MatrixPoints weighted() {
  const MatrixPoints plain = CircleProblem::angles_to_points(3);
  const IndexList all = {0, 1, 2};
  return {plain.points(all), plain.targets(all), Vector(Eigen::Vector3d(0.5, 0.25, 0.25))};
}
MatrixPoints repeated() {
  const MatrixPoints plain = CircleProblem::angles_to_points(3);
  const IndexList twice = {0, 0, 1, 2};
  return {plain.points(twice), plain.targets(twice)};
}

TEST(WeightedTraining, a_point_of_double_weight_is_two_points) {
  const CircleProblem problem(world());
  const ShardedVector theta = problem.initial_theta(world());
  const MatrixPoints few = weighted(), many = repeated();
  const ResidualField few_field(problem.network, few, theta);
  const ResidualField many_field(problem.network, many, theta);

  const auto one = GradientFlow(few_field).evaluate(theta);
  const auto other = GradientFlow(many_field).evaluate(theta);

  EXPECT_GT(norm(one.velocity), 0.1);
  EXPECT_LT((one.velocity.local() - other.velocity.local()).norm(), 1e-14);
  EXPECT_NEAR(few_field.norm(one.residual), many_field.norm(other.residual), 1e-14);
}

}  // namespace
}  // namespace ntkflow
