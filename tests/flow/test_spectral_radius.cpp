#include "ntkflow/flow/spectral_radius.hpp"

#include "ntkflow/flow/flow_jacobian.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(SpectralRadius, is_the_largest_eigenvalue_of_the_kernel_over_n_and_a_tenth) {
  const CircleProblem problem(world(), 7);
  FlowState state = problem.initial_state(world());
  const FlowJacobian at(problem.flow, state.theta);
  const Index n = problem.points.count();
  Matrix kernel(n, n);  // column a: T_n applied to the a-th unit vector
  for (Index a = 0; a < n; ++a) {
    ShardedVector unit(world(), n);
    if (unit.my_range().contains(a)) unit.local()(a - unit.my_range().first) = 1.0;
    unit.local() = at.jvp(at.vjp(unit.local()));
    kernel.col(a) = unit.gather();
  }
  const double expected = Eigen::SelfAdjointEigenSolver<Matrix>(kernel).eigenvalues().maxCoeff();

  const auto apply = [&](const Vector& u) { return at.jvp(at.vjp(u)); };
  estimate_spectral_radius(problem.train, apply, state, 200);

  EXPECT_LE((kernel - kernel.transpose()).norm(), 1e-13 * kernel.norm());
  const double found = problem.train.norm(apply(state.dominant.local()));
  EXPECT_NEAR(found, expected, 1e-8 * expected);
  EXPECT_NEAR(state.spectral_radius, 1.1 * expected, 1e-6 * expected);  // rounded to 20 bits
}

}  // namespace
}  // namespace ntkflow
