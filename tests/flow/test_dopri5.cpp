#include "ntkflow/flow/dopri5.hpp"

#include "ntkflow/base/error.hpp"

#include "flow/integrate.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(DormandPrince, has_order_five_on_the_nonlinear_flow) {
  const CircleProblem problem(world());

  EXPECT_NEAR(observed_order<DormandPrince>(world(), problem, 8.0, 10), 5.0, 0.4);
}

TEST(DormandPrince, error_stays_below_the_tolerance) {
  const CircleProblem problem(world());
  const Outcome exact = integrate<DormandPrince>(world(), problem, 1e-12, 60.0);

  for (double tolerance : {1e-3, 1e-6, 1e-9}) {
    const Outcome run = integrate<DormandPrince>(world(), problem, tolerance, 60.0);
    EXPECT_LE(problem.train.norm(run.residual - exact.residual), tolerance);
  }
}

TEST(DormandPrince, agrees_with_another_method) {
  const CircleProblem problem(world());

  const Outcome a = integrate<DormandPrince>(world(), problem, 1e-10, 20.0);
  const Outcome b = integrate<RungeKuttaChebyshev>(world(), problem, 1e-10, 20.0);

  EXPECT_LE(problem.train.norm(a.residual - b.residual), 1e-8);
}

TEST(DormandPrince, continues_bit_for_bit_from_its_state) {
  const CircleProblem problem(world());

  const Outcome straight = integrate<DormandPrince>(world(), problem, 1e-5, 20.0);
  const Outcome restarted = integrate_restarting<DormandPrince>(world(), problem, 1e-5, 20.0);

  EXPECT_EQ(restarted.state.theta.local(), straight.state.theta.local());
  EXPECT_EQ(restarted.state.counters.evaluations, straight.state.counters.evaluations);
}

TEST(DormandPrince, refuses_weights_that_are_not_finite) {
  const CircleProblem problem(world());
  FlowState state = problem.initial_state(world());
  if (world().is_root()) state.theta.local()(0) = std::nan("");
  DormandPrince integrator(problem.flow, 1e-3, 1.0);

  EXPECT_THROW(integrator.begin(state), NumericalError);
}

}  // namespace
}  // namespace ntkflow
