#include "ntkflow/flow/filtered_exponential.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/flow/dopri5.hpp"

#include "flow/integrate.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(FilteredExponential, has_order_two_on_the_nonlinear_flow) {
  const CircleProblem problem(world());

  EXPECT_NEAR(observed_order<FilteredExponential>(world(), problem, 8.0, 64), 2.0, 0.3);
}

TEST(FilteredExponential, error_stays_near_the_tolerance) {
  const CircleProblem problem(world());
  const Outcome exact = integrate<DormandPrince>(world(), problem, 1e-11, 100.0);

  for (double tolerance : {1e-2, 1e-3, 1e-4}) {
    const Outcome run = integrate<FilteredExponential>(world(), problem, tolerance, 100.0);
    EXPECT_LE(problem.train.norm(run.residual - exact.residual), tolerance);
    EXPECT_LT(run.state.counters.evaluations, exact.state.counters.evaluations / 10);
  }
}

TEST(FilteredExponential, reaches_long_times_in_few_evaluations) {
  const CircleProblem problem(world(), 13, 64);

  const Outcome run = integrate<FilteredExponential>(world(), problem, 1e-3, 1e6);

  EXPECT_LT(run.state.counters.evaluations, 500);
}

TEST(FilteredExponential, interpolates_within_a_step) {
  const CircleProblem problem(world());
  FlowState state = start_of(world(), problem);
  FilteredExponential integrator(problem.flow, 1e-4, 1.0);
  integrator.begin(state);
  for (int i = 0; i < 12; ++i) integrator.step(state, 1e4);
  const double start = state.time;
  integrator.step(state, 1e4);

  for (double x : {0.0, 0.3, 0.7, 1.0}) {
    const double t = x == 1.0 ? state.time : start + x * (state.time - start);
    const Outcome exact = integrate<DormandPrince>(world(), problem, 1e-10, t);
    const Vector r = problem.flow.residual(integrator.interpolate(state, t));
    EXPECT_LE(problem.train.norm(r - exact.residual), 3e-4) << x;
  }
}

TEST(FilteredExponential, continues_bit_for_bit_from_its_state) {
  const CircleProblem problem(world());

  const Outcome straight = integrate<FilteredExponential>(world(), problem, 1e-4, 300.0);
  const Outcome restarted =
      integrate_restarting<FilteredExponential>(world(), problem, 1e-4, 300.0);

  EXPECT_EQ(restarted.state.theta.local(), straight.state.theta.local());
  EXPECT_EQ(restarted.state.counters.evaluations, straight.state.counters.evaluations);
  EXPECT_GT(straight.state.counters.rebuilds, 2);
}

TEST(FilteredExponential, result_does_not_depend_on_the_number_of_ranks) {
  const Communicator self = world().split(world().rank(), 0);
  const CircleProblem alone(self);
  const CircleProblem together(world());

  const Outcome serial = integrate<FilteredExponential>(self, alone, 1e-4, 200.0);
  const Outcome parallel = integrate<FilteredExponential>(world(), together, 1e-4, 200.0);

  EXPECT_EQ(serial.state.counters.steps, parallel.state.counters.steps);
  EXPECT_LE((serial.state.theta.gather() - parallel.state.theta.gather()).norm(), 1e-9);
}

TEST(FilteredExponential, a_residual_of_nothing_stays_so) {
  const CircleProblem problem(world(), 13, 16, Start::antisymmetric);
  FlowState state = start_of(world(), problem);
  const MatrixPoints at_rest(problem.points.points(indices_of({0, 13})), Vector::Zero(13));
  const ResidualField train(problem.network, at_rest, state.theta);
  const GradientFlow flow(train);
  FilteredExponential integrator(flow, 1e-3, 0.0);
  integrator.begin(state);

  while (state.time < 1e3) integrator.step(state, 1e3);

  EXPECT_EQ(integrator.residual(), Vector::Zero(train.my_range().count()));
}

TEST(FilteredExponential, refuses_weights_that_are_not_finite) {
  const CircleProblem problem(world());
  FlowState state = start_of(world(), problem);
  if (world().is_root()) state.theta.local()(0) = std::nan("");
  FilteredExponential integrator(problem.flow, 1e-3, 1.0);

  EXPECT_THROW(integrator.begin(state), NumericalError);
}

}  // namespace
}  // namespace ntkflow
