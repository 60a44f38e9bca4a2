#include "ntkflow/spectrum/kernel_operator.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "spectrum/angles.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

Matrix normal_block(Index n, Index columns) {
  const RandomStream stream(1, RandomPurpose::test);
  return Matrix::NullaryExpr(n, columns,
                             [&](Index i, Index j) { return stream.normal(j * n + i); });
}

TEST(KernelOperator, multiplies_like_the_whole_weighted_matrix) {
  // 7,000: several chunks on every rank; 1, 5: ranks without rows.
  for (const Index n : {1, 2, 5, 300, 7000}) {
    const AnglePoints points = scattered_angles(n);
    const AngleKernel kernel([](double x, double z) { return 2 + std::cos(x - z) + x * z; });
    const IndexRange mine = Partition(n, world().size()).range(world().rank());
    const Matrix x = normal_block(n, 3);

    const KernelOperator matrix(world(), kernel, points,
                                points.all_weights().segment(mine.first, mine.count()));
    const Matrix product = matrix.apply(x.middleRows(mine.first, mine.count()));

    // The kernel has rank 4: its features times each other.
    const auto angle = points.all_angles().array();
    Matrix features(n, 4);
    features << Vector::Constant(n, std::sqrt(2.0)), angle.cos(), angle.sin(), angle;
    const Matrix weighted = points.all_weights().cwiseSqrt().asDiagonal() * features;
    const Matrix expected = weighted * (weighted.transpose() * x);
    EXPECT_LT((product - expected.middleRows(mine.first, mine.count())).norm(),
              1e-13 * (1 + expected.norm()))
        << n;
  }
}

TEST(KernelOperator, computes_every_tile_once_and_spreads_them_evenly) {
  const Index n = 9000;
  const AnglePoints points = even_angles(n);
  const AngleKernel kernel([](double, double) { return 1; });
  const IndexRange mine = Partition(n, world().size()).range(world().rank());
  const KernelOperator matrix(world(), kernel, points,
                              points.all_weights().segment(mine.first, mine.count()));

  matrix.apply(Matrix::Ones(mine.count(), 1));

  const double half = 0.5 * static_cast<double>(n) * static_cast<double>(n);
  const double total = sum_over_ranks(world(), matrix.work().entries);
  EXPECT_GE(total, half);
  EXPECT_LT(total, 1.15 * half);  // the diagonal tiles are computed whole
  EXPECT_LT(matrix.work().entries, 1.15 * total / world().size());
}

TEST(KernelOperator, lets_a_kernel_that_fails_on_one_rank_fail_on_all) {
  const AnglePoints points = even_angles(50);
  const AngleKernel kernel([](double x, double) {
    if (x == -pi) throw NumericalError("the kernel fails at the first point");
    return 1.0;
  });
  const IndexRange mine = Partition(50, world().size()).range(world().rank());
  const KernelOperator matrix(world(), kernel, points,
                              points.all_weights().segment(mine.first, mine.count()));

  EXPECT_THROW(matrix.apply(Matrix::Ones(mine.count(), 2)), Error);
}

}  // namespace
}  // namespace ntkflow
