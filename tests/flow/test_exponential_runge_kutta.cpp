#include "ntkflow/flow/exponential_runge_kutta.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/flow/dopri5.hpp"

#include "flow/integrate.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(ExponentialRungeKutta, has_order_four_on_the_nonlinear_flow) {
  const CircleProblem problem(world());

  EXPECT_NEAR(observed_order<ExponentialRungeKutta>(world(), problem, 8.0, 8), 4.0, 0.4);
}

TEST(ExponentialRungeKutta, error_stays_near_the_tolerance) {
  const CircleProblem problem(world());
  const Outcome exact = integrate<DormandPrince>(world(), problem, 1e-12, 60.0);

  for (double tolerance : {1e-3, 1e-5, 1e-8}) {
    const Outcome run = integrate<ExponentialRungeKutta>(world(), problem, tolerance, 60.0);
    EXPECT_LE(problem.train.norm(run.residual - exact.residual), tolerance);
  }
}

TEST(ExponentialRungeKutta, interpolates_within_a_step) {
  const CircleProblem problem(world());
  FlowState state = start_of(world(), problem);
  ExponentialRungeKutta integrator(problem.flow, 1e-6, 1.0);
  integrator.begin(state);
  while (state.time < 20.0) integrator.step(state, 1e4);
  const double start = state.time;
  integrator.step(state, 1e4);

  for (double x : {0.0, 0.3, 0.7, 1.0}) {
    const double t = x == 1.0 ? state.time : start + x * (state.time - start);
    const Outcome exact = integrate<DormandPrince>(world(), problem, 1e-11, t);
    const Vector r = problem.flow.residual(integrator.interpolate(state, t));
    EXPECT_LE(problem.train.norm(r - exact.residual), 5e-6) << x;
  }
}

TEST(ExponentialRungeKutta, continues_bit_for_bit_from_its_state) {
  const CircleProblem problem(world());

  const Outcome straight = integrate<ExponentialRungeKutta>(world(), problem, 1e-5, 100.0);
  const Outcome restarted =
      integrate_restarting<ExponentialRungeKutta>(world(), problem, 1e-5, 100.0);

  EXPECT_EQ(restarted.state.theta.local(), straight.state.theta.local());
  EXPECT_EQ(restarted.state.counters.evaluations, straight.state.counters.evaluations);
}

TEST(ExponentialRungeKutta, result_does_not_depend_on_the_number_of_ranks) {
  const Communicator self = world().split(world().rank(), 0);
  const CircleProblem alone(self);
  const CircleProblem together(world());

  const Outcome serial = integrate<ExponentialRungeKutta>(self, alone, 1e-5, 100.0);
  const Outcome parallel = integrate<ExponentialRungeKutta>(world(), together, 1e-5, 100.0);

  EXPECT_EQ(serial.state.counters.steps, parallel.state.counters.steps);
  EXPECT_LE((serial.state.theta.gather() - parallel.state.theta.gather()).norm(), 1e-9);
}

}  // namespace
}  // namespace ntkflow
