#include "kernel/lower_rectangles.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ntkflow {
namespace {

// How often each entry is covered.
Matrix counts(const std::vector<Rectangle>& rectangles, Index rows, Index columns) {
  Matrix result = Matrix::Zero(rows, columns);
  for (const auto& [row, column] : rectangles)
    result.block(row.first, column.first, row.count(), column.count()).array() += 1.0;
  return result;
}

// As a process of `processes` sees a triangle dealt out in blocks.
IndexList dealt_columns(Index columns, Index block, Index processes, Index rows) {
  IndexList first_rows;
  for (Index j = 0; j < columns; ++j)
    first_rows.push_back(std::min(j / block * block * processes + j % block, rows));
  return first_rows;
}

void expect_cover(const IndexList& first_rows, Index rows, RectangleWidths widths) {
  const auto rectangles = lower_rectangles(first_rows, rows, widths);
  const Matrix found = counts(rectangles, rows, count_of(first_rows));

  for (Index j = 0; j < count_of(first_rows); ++j) {
    const Index first = first_rows[static_cast<std::size_t>(j)];
    EXPECT_TRUE((found.col(j).tail(rows - first).array() == 1.0).all()) << j;
  }
  EXPECT_LE(found.maxCoeff(), 1.0);
  for (const Rectangle& each : rectangles) EXPECT_LE(each.columns.count(), widths.most);
}

TEST(LowerRectangles, cover_what_is_wanted_once) {
  for (const RectangleWidths widths : {RectangleWidths{256, 64}, {8, 3}, {1, 1}})
    for (const Index columns : {1, 2, 7, 64, 200}) {
      expect_cover(whole_columns(columns), 90, widths);
      expect_cover(columns_from_diagonal(columns), columns, widths);
      expect_cover(dealt_columns(columns, 5, 3, 150), 150, widths);
      expect_cover(IndexList(static_cast<std::size_t>(columns), 150), 150, widths);
    }
}

TEST(LowerRectangles, take_a_whole_tile_in_one) {
  const auto rectangles = lower_rectangles(whole_columns(200), 30, {256, 64});

  ASSERT_EQ(rectangles.size(), 1u);
  EXPECT_EQ(rectangles[0].rows, (IndexRange{0, 30}));
  EXPECT_EQ(rectangles[0].columns, (IndexRange{0, 200}));
}

TEST(LowerRectangles, of_a_triangle_cover_little_more_than_it) {
  const Index n = 512;
  const auto rectangles = lower_rectangles(columns_from_diagonal(n), n, {256, 64});

  EXPECT_LE(counts(rectangles, n, n).sum(), 0.5 * n * (n + 64));
}

TEST(SymmetricRectangles, cover_the_lower_triangle_and_squares_on_its_diagonal_once) {
  for (const Index points : {1, 2, 7, 64, 65, 200})
    for (const Index most : {1, 3, 64}) {
      const auto rectangles = symmetric_rectangles(points, most);
      Matrix expected = Matrix::Ones(points, points);
      for (const auto& [rows, columns] : rectangles) {
        EXPECT_LE(columns.count(), most);
        if (rows == columns) expected.block(0, rows.first, rows.first, rows.count()).setZero();
      }
      EXPECT_EQ(counts(rectangles, points, points), expected) << points << " " << most;
    }
}

}  // namespace
}  // namespace ntkflow
