#include "ntkflow/flow/tangent_kernel.hpp"

#include "ntkflow/flow/flow_jacobian.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// A function of the point's number, at this rank's points.
Vector wave(const ResidualField& train, double frequency) {
  const IndexRange mine = train.my_range();
  return Vector::NullaryExpr(mine.count(), [&](Index i) {
    return std::cos(frequency * static_cast<double>(mine.first + i + 1));
  });
}

ShardedVector sharded(const ResidualField& train, Vector values) {
  ShardedVector result(train.comm(), train.partition().count());
  result.local() = std::move(values);
  return result;
}

TEST(TangentKernel, is_the_jacobian_times_its_transpose) {
  const CircleProblem problem(world());
  const FlowState state = problem.initial_state(world());
  const Vector u = wave(problem.train, 1.3);
  const FlowJacobian at(problem.flow, state.theta);
  TangentKernel kernel(problem.flow);

  kernel.rebuild(state.theta);

  const Vector expected = at.jvp(at.vjp(u));
  EXPECT_LE(problem.train.norm(kernel.apply(u) - expected), 1e-14 * problem.train.norm(expected));
}

TEST(TangentKernel, obeys_a_secant_and_stays_self_adjoint) {
  const CircleProblem problem(world());
  const FlowState state = problem.initial_state(world());
  TangentKernel kernel(problem.flow);
  kernel.rebuild(state.theta);
  const Vector g = wave(problem.train, 0.7), wanted = wave(problem.train, 1.1);

  kernel.correct(sharded(problem.train, g), sharded(problem.train, wanted - kernel.apply(g)));

  const Vector u = wave(problem.train, 0.2), v = wave(problem.train, 2.9);
  EXPECT_LE(problem.train.norm(kernel.apply(g) - wanted), 1e-13);
  EXPECT_NEAR(problem.train.inner(u, kernel.apply(v)), problem.train.inner(kernel.apply(u), v),
              1e-14);
}

TEST(TangentKernel, leaves_alone_what_a_secant_does_not_speak_of) {
  const CircleProblem problem(world());
  const FlowState state = problem.initial_state(world());
  TangentKernel kernel(problem.flow);
  kernel.rebuild(state.theta);
  const ResidualField& train = problem.train;
  const Vector g = wave(train, 0.7), gain = wave(train, 1.1);
  Vector u = wave(train, 0.2);
  u -= train.inner(u, g) / train.inner(g, g) * g;
  u -= train.inner(u, gain - train.inner(gain, g) / train.inner(g, g) * g) /
       train.inner(gain, gain - train.inner(gain, g) / train.inner(g, g) * g) *
       (gain - train.inner(gain, g) / train.inner(g, g) * g);
  const Vector before = kernel.apply(u);

  kernel.correct(sharded(train, g), sharded(train, gain));

  EXPECT_LE(train.norm(kernel.apply(u) - before), 1e-13);
}

}  // namespace
}  // namespace ntkflow
