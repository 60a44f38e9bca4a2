#include "ntkflow/spectrum/gram_matrix.hpp"

#include "ntkflow/base/error.hpp"
#include "spectrum/angles.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// Several chunks of points a rank, and a ragged last one.
constexpr Index many = 1300;

// Not symmetric, and another value for each pair of points.
AngleKernel pair_kernel() {
  return AngleKernel([](double x, double z) { return x + std::sqrt(2.0) * z; });
}

TEST(GramMatrix, holds_every_pair_of_points) {
  const ProcessGrid grid(world());
  for (const Index n : {Index{1}, Index{5}, Index{100}, many}) {
    const AnglePoints points = uneven_angles(n);

    const DistMatrix gram = assemble_gram(grid, pair_kernel(), points, Triangle::full);

    EXPECT_EQ(gather(gram), serial_gram(pair_kernel(), points)) << n;
  }
}

TEST(GramMatrix, lower_triangle_is_complete) {
  const ProcessGrid grid(world());
  const AnglePoints points = uneven_angles(many);

  const Matrix gram = gather(assemble_gram(grid, pair_kernel(), points, Triangle::lower));

  const Matrix expected = serial_gram(pair_kernel(), points);
  EXPECT_EQ(Matrix(gram.triangularView<Eigen::Lower>()),
            Matrix(expected.triangularView<Eigen::Lower>()));
}

TEST(GramMatrix, lower_triangle_saves_tiles_above_the_diagonal) {
  const ProcessGrid grid(world());
  const auto ones = AngleKernel([](double, double) { return 1.0; });

  const Matrix gram = gather(assemble_gram(grid, ones, even_angles(4096), Triangle::lower));

  // A tile's 512 rows are dealt out over 512 x (grid rows) points, and so its columns.
  const double computed = gram.sum() / static_cast<double>(gram.size());
  EXPECT_GE(computed, 0.5);
  EXPECT_LE(computed, 0.5 + 0.5 * 512 * (grid.rows() + grid.columns()) / 4096);
}

TEST(GramMatrix, refuses_a_kernel_that_is_not_finite_on_all_ranks) {
  const ProcessGrid grid(world());
  const AnglePoints points = even_angles(100);
  const double bad_x = points.all_angles()[99], bad_z = points.all_angles()[3];
  const AngleKernel kernel(
      [=](double x, double z) { return x == bad_x && z == bad_z ? std::nan("") : 1.0; });

  try {
    assemble_gram(grid, kernel, points, Triangle::lower);
    FAIL() << "did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::numerical);
    EXPECT_STREQ(error.what(),
                 "the kernel of points 99 and 3 (from 0) is nan; need a finite number");
  }
}

TEST(GramMatrix, a_kernel_that_throws_on_one_rank_throws_on_all) {
  const ProcessGrid grid(world());
  const int last = grid.shape().size() - 1;
  const AngleKernel kernel([=](double, double) -> double {
    if (world().rank() == last) throw ConfigError("no such kernel");
    return 1.0;
  });

  EXPECT_THROW(assemble_gram(grid, kernel, even_angles(300), Triangle::full), Error);
}

}  // namespace
}  // namespace ntkflow
