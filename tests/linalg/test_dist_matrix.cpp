#include "ntkflow/linalg/dist_matrix.hpp"

#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(DistMatrix, starts_as_zero_with_the_shape_of_its_layout) {
  const ProcessGrid grid(world());
  const DistMatrix matrix(grid, BlockCyclicLayout::square(100, grid.shape(), 16));

  EXPECT_EQ(matrix.rows(), 100);
  EXPECT_EQ(matrix.local().rows(), count_of(matrix.my_rows()));
  EXPECT_EQ(matrix.local().cols(), count_of(matrix.my_columns()));
  EXPECT_TRUE(matrix.local().isZero(0));
}

TEST(DistMatrix, every_entry_lives_on_exactly_one_rank) {
  const ProcessGrid grid(world());
  DistMatrix matrix(grid, BlockCyclicLayout::square(37, grid.shape(), 4));

  matrix.local().setOnes();

  EXPECT_EQ(gather(matrix), Matrix::Ones(37, 37));
}

TEST(DistMatrix, ranks_outside_the_grid_hold_nothing) {
  const ProcessGrid grid(world(), {1, 1});
  const DistMatrix matrix(grid, BlockCyclicLayout::square(10, grid.shape()));

  EXPECT_EQ(matrix.local().size(), world().is_root() ? 100 : 0);
}

}  // namespace
}  // namespace ntkflow
