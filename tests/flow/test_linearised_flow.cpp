#include "ntkflow/flow/linearised_flow.hpp"

#include "ntkflow/flow/dopri5.hpp"
#include "ntkflow/flow/gradient_descent.hpp"

#include "flow/integrate.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// The linear model of the circle's network, and some points beside the training points.
struct LinearProblem {
  CircleProblem circle{world()};
  ShardedVector theta_0 = circle.initial_theta(world());
  ResidualField train{circle.network, circle.points, theta_0, Model::linearised};
  MatrixPoints elsewhere = CircleProblem::angles_to_points(5);
  ResidualField reference{circle.network, elsewhere, theta_0, Model::linearised};
  GradientFlow flow{train};

  Vector at_reference(const ShardedVector& theta) const {
    const Vector whole = theta.gather();
    return reference.value(span_of(whole));
  }
};

TEST(Undone, needs_no_division_by_zero) {
  EXPECT_EQ(undone(0.0, 3.0, 0.0), 3.0);
  EXPECT_EQ(undone(0.0, 3.0, 0.5), 3.0);
  EXPECT_NEAR(undone(1e-14, 3.0, 0.5), 3.0, 1e-12);
  EXPECT_NEAR(undone(2.0, 1.0, 0.0), (1 - std::exp(-2.0)) / 2, 1e-15);
  EXPECT_NEAR(undone(3.0, 1.5, 0.5), (1 - std::pow(-0.5, 3)) / 3, 1e-15);
}

TEST(LinearisedFlow, is_the_flow_of_the_linear_model) {
  const LinearProblem problem;
  FlowState stepped = problem.circle.initial_state(world());
  DormandPrince dopri5(problem.flow, 1e-12, 1.0);
  dopri5.begin(stepped);
  FlowState state = problem.circle.initial_state(world());
  LinearisedFlow linearised(problem.flow, problem.theta_0, 0.0);
  linearised.begin(state);

  for (double t : {0.5, 20.0}) {
    while (stepped.time < t) dopri5.step(stepped, t);
    linearised.step(state, t);

    EXPECT_LE(problem.train.norm(linearised.residual() - dopri5.residual()), 1e-10);
    EXPECT_LE(problem.reference.norm(problem.at_reference(state.theta) -
                                     problem.at_reference(stepped.theta)),
              1e-10);
  }
}

TEST(LinearisedFlow, with_a_step_is_gradient_descent_on_the_linear_model) {
  const LinearProblem problem;
  FlowState stepped = problem.circle.initial_state(world());
  GradientDescent descent(problem.flow, 0.5, 1.0);
  descent.begin(stepped);
  FlowState state = problem.circle.initial_state(world());
  LinearisedFlow linearised(problem.flow, problem.theta_0, 0.5);
  linearised.begin(state);

  for (int i = 0; i < 40; ++i) descent.step(stepped, 1e9);
  linearised.step(state, 20.0);

  EXPECT_LE(problem.train.norm(linearised.residual() - descent.residual()), 1e-13);
}

TEST(ResidualField, linear_model_touches_the_network_at_the_start) {
  const LinearProblem problem;
  const Vector theta = problem.theta_0.gather();
  Vector direction = Vector::LinSpaced(theta.size(), -1.0, 1.0);
  const Vector moved = theta + 1e-6 * direction;

  const Vector linear = problem.train.value(span_of(moved));
  const Vector network = problem.circle.train.value(span_of(moved));

  EXPECT_EQ(problem.train.value(span_of(theta)), problem.circle.train.value(span_of(theta)));
  EXPECT_LE(problem.train.norm(linear - network), 1e-10);
  EXPECT_GE(problem.train.norm(linear - problem.circle.train.value(span_of(theta))), 1e-8);
}

}  // namespace
}  // namespace ntkflow
