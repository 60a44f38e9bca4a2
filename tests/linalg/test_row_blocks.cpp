#include "ntkflow/linalg/row_blocks.hpp"

#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// Entry (i, j) = 1000 i + j: no two alike.
Matrix numbered(Index rows, Index columns) {
  return Matrix::NullaryExpr(rows, columns,
                             [](Index i, Index j) { return static_cast<double>(1000 * i + j); });
}

void expect_columns_arrive(const Matrix& whole, Index block, IndexRange columns) {
  const ProcessGrid grid(world());

  const RowBlocks blocks = to_row_blocks(distribute(grid, whole, block), columns);

  EXPECT_EQ(blocks.local.rows(), blocks.partition.range(world().rank()).count());
  EXPECT_EQ(gather(world(), blocks), whole.middleCols(columns.first, columns.count()))
      << whole.rows() << " x " << whole.cols() << ", block " << block << ", columns "
      << columns.first << ".." << columns.last;
}

TEST(RowBlocks, hold_any_range_of_columns_of_a_block_cyclic_matrix) {
  for (const Index n : {1, 2, 5, 63, 64, 65, 200})
    for (const Index block : {3, 64})
      for (const IndexRange columns : {IndexRange{0, n}, {n - 1, n}, {n / 3, n}, {n / 3, n / 2}})
        expect_columns_arrive(numbered(n, n), block, columns);
}

TEST(RowBlocks, of_a_wide_matrix_arrive_panel_by_panel) {
  expect_columns_arrive(numbered(20, 600), 64, {13, 597});
}

TEST(RowBlocks, of_no_columns_keep_their_rows) {
  const ProcessGrid grid(world());

  const RowBlocks blocks = to_row_blocks(distribute(grid, numbered(9, 4)), {2, 2});

  EXPECT_EQ(blocks.local.rows(), blocks.partition.range(world().rank()).count());
  EXPECT_EQ(blocks.local.cols(), 0);
}

TEST(RowBlocks, do_not_need_the_whole_communicator_in_the_grid) {
  const Matrix whole = numbered(50, 30);
  const ProcessGrid grid(world(), {1, 1});

  EXPECT_EQ(gather(world(), to_row_blocks(distribute(grid, whole, 8), {5, 30})),
            whole.rightCols(25));
}

}  // namespace
}  // namespace ntkflow
