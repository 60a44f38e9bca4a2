#include "ntkflow/parallel/process_grid.hpp"

#include "ntkflow/parallel/collectives.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(GridShape, is_near_square_and_uses_most_ranks) {
  EXPECT_EQ(near_square(1), (GridShape{1, 1}));
  EXPECT_EQ(near_square(2), (GridShape{1, 2}));
  EXPECT_EQ(near_square(4), (GridShape{2, 2}));
  EXPECT_EQ(near_square(6), (GridShape{2, 3}));
  EXPECT_EQ(near_square(7), (GridShape{2, 3}));
  for (int ranks = 1; ranks <= 200; ++ranks) {
    const GridShape shape = near_square(ranks);
    EXPECT_LE(shape.size(), ranks);
    EXPECT_GE(5 * shape.size(), 3 * ranks);
    EXPECT_LE(shape.rows, shape.columns);
    EXPECT_LE(shape.columns, 2 * shape.rows);
  }
}

TEST(ProcessGrid, every_place_is_taken_once) {
  const ProcessGrid grid(world());

  EXPECT_EQ(sum_over_ranks(world(), Index{grid.is_member()}), grid.shape().size());
  if (grid.is_member()) {
    EXPECT_EQ(grid.my_row() * grid.columns() + grid.my_column(), world().rank());
  }
}

}  // namespace
}  // namespace ntkflow
