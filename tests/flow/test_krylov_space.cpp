#include "ntkflow/flow/krylov_space.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// h phi_1(-h T) r by repeated doubling: I(2h) = I(h) + e^{-h T} I(h), e^{-h T} = 1 - T I(h).
Vector integral_by_doubling(const TangentKernel& kernel, const Vector& r, double h) {
  const Index n = kernel.train().partition().count();
  Matrix t(n, n);
  for (Index i = 0; i < n; ++i) {
    ShardedVector unit(kernel.train().comm(), n);
    if (unit.my_range().contains(i)) unit.local()(i - unit.my_range().first) = 1.0;
    unit.local() = kernel.apply(unit.local());
    t.col(i) = unit.gather();
  }
  constexpr int doublings = 30;
  const double tiny = std::ldexp(h, -doublings);
  Matrix integral = tiny * (Matrix::Identity(n, n) - 0.5 * tiny * t);
  for (int i = 0; i < doublings; ++i) integral += integral - integral * t * integral;
  ShardedVector whole(kernel.train().comm(), n);
  whole.local() = r;
  const IndexRange mine = whole.my_range();
  return (integral * whole.gather()).segment(mine.first, mine.count());
}

struct KernelOfCircle {
  CircleProblem problem{world(), 40};
  FlowState state = problem.initial_state(world());
  TangentKernel kernel{problem.flow};
  Vector r = problem.flow.residual(state.theta);

  KernelOfCircle() { kernel.rebuild(state.theta); }
};

TEST(KrylovSpace, filters_a_residual_for_short_and_long_steps) {
  const KernelOfCircle at;
  for (double h : {0.01, 1.0, 100.0, 1e5}) {
    const KrylovSpace space(at.kernel, at.r, h);

    const Vector expected = integral_by_doubling(at.kernel, at.r, h) / h;
    EXPECT_LE(at.problem.train.norm(space.phi1(h) - expected), 2e-9 * at.problem.train.norm(at.r))
        << h;
    const Vector decayed = at.r - h * at.kernel.apply(expected);
    EXPECT_LE(at.problem.train.norm(space.decay(h) - decayed), 1e-7) << h;
  }
}

TEST(KrylovSpace, serves_shorter_steps_too) {
  const KernelOfCircle at;
  const KrylovSpace space(at.kernel, at.r, 100.0);
  for (double h : {1e-6, 0.5, 60.0}) {
    const Vector expected = KrylovSpace(at.kernel, at.r, h).phi1(h);
    EXPECT_LE(at.problem.train.norm(space.phi1(h) - expected), 1e-9) << h;
  }
}

TEST(KrylovSpace, of_nothing_is_nothing) {
  const KernelOfCircle at;
  const KrylovSpace space(at.kernel, Vector::Zero(at.r.size()), 1.0);

  EXPECT_EQ(space.dimension(), 0);
  EXPECT_EQ(space.phi1(1.0), Vector::Zero(at.r.size()));
}

TEST(KrylovSpace, ends_with_the_space_of_all_functions) {
  const CircleProblem problem(world(), 3);
  const FlowState state = problem.initial_state(world());
  TangentKernel kernel(problem.flow);
  kernel.rebuild(state.theta);
  const Vector r = problem.flow.residual(state.theta);

  const KrylovSpace space(kernel, r, 10.0);

  EXPECT_LE(space.dimension(), 3);
  EXPECT_LE(problem.train.norm(space.phi1(10.0) - integral_by_doubling(kernel, r, 10.0) / 10.0),
            1e-12);
}

}  // namespace
}  // namespace ntkflow
