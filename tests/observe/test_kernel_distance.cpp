#include "ntkflow/observe/kernel_distance.hpp"

#include "ntkflow/base/error.hpp"
#include "support/kernels.hpp"
#include "support/matrix_points.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ntkflow {
namespace {

struct TwoKernels {
  std::unique_ptr<Kernel> relu =
      make_analytic_kernel(make_architecture("fc:8", "dense", "relu", 3), AnalyticKind::ntk);
  std::unique_ptr<Kernel> tanh =
      make_analytic_kernel(make_architecture("fc:8, fc:8", "dense", "tanh", 3), AnalyticKind::ntk);
};

MatrixPoints weighted_points(Index n) {
  Vector weights = Vector::LinSpaced(n, 1.0, 3.0);
  weights /= weights.sum();
  return {normal_points(3, n), Vector::Zero(n), weights};
}

TEST(KernelDistance, is_that_of_the_whole_matrices) {
  const TwoKernels kernels;
  for (const Index n : {1, 5, 300, 601}) {
    const MatrixPoints points = weighted_points(n);
    const IndexList all = indices_of({0, n});
    const Matrix x = points.points(all);
    const Vector w = points.weights(all);
    const Matrix a = kernel_matrix(*kernels.relu, x, x), b = kernel_matrix(*kernels.tanh, x, x);

    const KernelDistance found =
        kernel_distance(world(), {*kernels.relu, points}, {*kernels.tanh, points});

    EXPECT_NEAR(found.distance, std::sqrt(w.dot((a - b).cwiseAbs2() * w)), 1e-12 * found.norm) << n;
    EXPECT_NEAR(found.norm, std::sqrt(w.dot(b.cwiseAbs2() * w)), 1e-12 * found.norm) << n;
  }
}

TEST(KernelDistance, of_a_kernel_from_itself_is_exactly_0) {
  const TwoKernels kernels;
  const MatrixPoints points = weighted_points(37);

  const KernelDistance found =
      kernel_distance(world(), {*kernels.relu, points}, {*kernels.relu, points});

  EXPECT_EQ(found.distance, 0.0);
  EXPECT_EQ(found.relative(), 0.0);
  EXPECT_GT(found.norm, 0.1);
}

// 1e200 to the fourth power overflows; only the last point, of the last rank, is so large.
TEST(KernelDistance, that_is_not_finite_fails_on_all_ranks) {
  const TwoKernels kernels;
  Matrix x = normal_points(3, 64);
  x.col(63) *= 1e200;
  const MatrixPoints points(x, Vector::Zero(64));

  EXPECT_THROW(kernel_distance(world(), {*kernels.relu, points}, {*kernels.relu, points}), Error);
}

}  // namespace
}  // namespace ntkflow
