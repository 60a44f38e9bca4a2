#pragma once

#include "ntkflow/flow/integrator.hpp"
#include "ntkflow/flow/rkc.hpp"

#include "flow/circle_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {

/// The state of a problem at the start, with what Integrator needs of it.
inline FlowState start_of(const Communicator& comm, const CircleProblem& problem) {
  FlowState state = problem.initial_state(comm);
  state.kernel.emplace(comm, problem.network.parameter_count(), problem.points.count());
  return state;
}

struct Outcome {
  FlowState state;
  Vector residual;
};

template <typename Method>
Outcome integrate(const Communicator& comm, const CircleProblem& problem, double tolerance,
                  double t_end) {
  FlowState state = start_of(comm, problem);
  Method integrator(problem.flow, tolerance, 1.0);
  integrator.begin(state);
  while (state.time < t_end) integrator.step(state, t_end);
  return {state, integrator.residual()};
}

/// The same, with a new integrator for every step, as after a checkpoint.
template <typename Method>
Outcome integrate_restarting(const Communicator& comm, const CircleProblem& problem,
                             double tolerance, double t_end) {
  FlowState state = start_of(comm, problem);
  Vector residual;
  while (state.time < t_end) {
    Method restarted(problem.flow, tolerance, 1.0);
    restarted.begin(state);
    restarted.step(state, t_end);
    residual = restarted.residual();
  }
  return {state, residual};
}

/// Steps of exactly h: the tolerance accepts everything and every step lands on its limit.
template <typename Method>
Vector integrate_with_steps(const Communicator& comm, const CircleProblem& problem, double t_end,
                            int steps) {
  FlowState state = start_of(comm, problem);
  Method integrator(problem.flow, 1e9, 1.0);
  integrator.begin(state);
  for (int i = 1; i <= steps; ++i) {
    state.next_step = t_end;
    integrator.step(state, t_end * i / steps);
  }
  EXPECT_EQ(state.counters.steps, steps);
  return integrator.residual();
}

/// log2 of the factor by which halving the steps lowers the error at t_end.
template <typename Method>
double observed_order(const Communicator& comm, const CircleProblem& problem, double t_end,
                      int steps) {
  const Vector exact = integrate_with_steps<Method>(comm, problem, t_end, 16 * steps);
  const auto error = [&](int n) {
    return problem.train.norm(integrate_with_steps<Method>(comm, problem, t_end, n) - exact);
  };
  return std::log2(error(steps) / error(2 * steps));
}

}  // namespace ntkflow
