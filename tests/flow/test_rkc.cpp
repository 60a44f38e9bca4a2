#include "ntkflow/flow/rkc.hpp"

#include "ntkflow/base/error.hpp"

#include "flow/integrate.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// The step's amplification of u' = -u over h = z.
double amplification(const ChebyshevStages& c, double z) {
  double previous = 1.0, current = 1.0 - c.first * z;
  for (const auto& s : c.stages) {
    const double next = (1.0 - s.mu - s.nu) + s.mu * current + s.nu * previous -
                        s.mu_tilde * z * current - s.gamma_tilde * z;
    previous = current;
    current = next;
  }
  return current;
}

TEST(ChebyshevStages, are_stable_up_to_the_promised_limit) {
  for (int s : {2, 3, 5, 10, 50, 250}) {
    const ChebyshevStages stages = chebyshev_stages(s);
    const double limit = (static_cast<double>(s - 1) * (s - 1) - 1.0) / 1.54;
    for (int i = 0; i <= 1000; ++i)
      EXPECT_LE(std::abs(amplification(stages, limit * i / 1000)), 1.0 + 1e-12) << s << " " << i;
    EXPECT_LE(chebyshev_stage_count(limit), s);
  }
}

TEST(ChebyshevStages, agree_with_the_exponential_to_second_order) {
  for (int s : {2, 3, 7, 30}) {
    const ChebyshevStages stages = chebyshev_stages(s);
    const auto error = [&](double z) { return std::abs(amplification(stages, z) - std::exp(-z)); };
    EXPECT_NEAR(std::log2(error(0.02) / error(0.01)), 3.0, 0.1) << s;
  }
}

TEST(RungeKuttaChebyshev, has_order_two_on_the_nonlinear_flow) {
  const CircleProblem problem(world());

  EXPECT_NEAR(observed_order<RungeKuttaChebyshev>(world(), problem, 8.0, 20), 2.0, 0.3);
}

TEST(RungeKuttaChebyshev, error_stays_below_the_tolerance) {
  const CircleProblem problem(world());
  const double t_end = 100.0;

  const Outcome exact = integrate<RungeKuttaChebyshev>(world(), problem, 1e-9, t_end);

  for (double tolerance : {1e-3, 1e-5}) {
    const Outcome run = integrate<RungeKuttaChebyshev>(world(), problem, tolerance, t_end);
    EXPECT_LE(problem.train.norm(run.residual - exact.residual), tolerance);
    EXPECT_LT(run.state.counters.evaluations, exact.state.counters.evaluations);
  }
}

TEST(RungeKuttaChebyshev, landing_does_not_shorten_later_steps) {
  const CircleProblem problem(world());
  FlowState state = problem.initial_state(world());
  RungeKuttaChebyshev integrator(problem.flow, 1e-3, 1.0);
  integrator.begin(state);
  while (state.time < 10.0) integrator.step(state, 10.0);
  const double proposal = state.next_step;

  integrator.step(state, 10.001);

  EXPECT_EQ(state.time, 10.001);
  EXPECT_GE(state.next_step, proposal);
}

TEST(RungeKuttaChebyshev, continues_bit_for_bit_from_its_state) {
  const CircleProblem problem(world());
  const Outcome straight = integrate<RungeKuttaChebyshev>(world(), problem, 1e-4, 30.0);

  const Outcome restarted = integrate_restarting<RungeKuttaChebyshev>(world(), problem, 1e-4, 30.0);

  EXPECT_EQ(restarted.state.theta.local(), straight.state.theta.local());
  EXPECT_EQ(restarted.state.counters.evaluations, straight.state.counters.evaluations);
}

TEST(RungeKuttaChebyshev, result_does_not_depend_on_the_number_of_ranks) {
  const Communicator self = world().split(world().rank(), 0);
  const CircleProblem alone(self);
  const CircleProblem together(world());

  const Outcome serial = integrate<RungeKuttaChebyshev>(self, alone, 1e-5, 50.0);
  const Outcome parallel = integrate<RungeKuttaChebyshev>(world(), together, 1e-5, 50.0);

  EXPECT_EQ(serial.state.counters.steps, parallel.state.counters.steps);
  EXPECT_LE((serial.state.theta.gather() - parallel.state.theta.gather()).norm(), 1e-11);
}

TEST(RungeKuttaChebyshev, refuses_weights_that_are_not_finite) {
  const CircleProblem problem(world());
  FlowState state = problem.initial_state(world());
  if (world().is_root()) state.theta.local()(0) = std::nan("");
  RungeKuttaChebyshev integrator(problem.flow, 1e-3, 1.0);

  EXPECT_THROW(integrator.begin(state), NumericalError);
}

}  // namespace
}  // namespace ntkflow
