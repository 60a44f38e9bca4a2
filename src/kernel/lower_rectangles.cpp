#include "kernel/lower_rectangles.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

class Cover {
 public:
  Cover(std::span<const Index> first_rows, RectangleWidths widths)
      : first_rows_(first_rows), widths_(widths) {}

  // What all these columns want is one rectangle, unless it is too low to be worth a product of its
  // own; what only some of them want lies above it.
  void add(IndexRange columns, Index end_row) {
    const Index top = first_row(columns.first);
    if (columns.count() <= widths_.least) return add_rectangle({{top, end_row}, columns});
    const Index bottom = first_row(columns.last - 1);
    if (bottom == top || end_row - bottom >= widths_.least) {
      add_rectangle({{bottom, end_row}, columns});
      end_row = bottom;
    }
    if (top >= end_row) return;
    const Index middle = columns.first + columns.count() / 2;
    add({columns.first, middle}, end_row);
    add({middle, columns.last}, end_row);
  }

  std::vector<Rectangle> rectangles;

 private:
  Index first_row(Index column) const { return first_rows_[static_cast<std::size_t>(column)]; }

  void add_rectangle(Rectangle rectangle) {
    if (rectangle.rows.count() > 0) rectangles.push_back(rectangle);
  }

  std::span<const Index> first_rows_;
  RectangleWidths widths_;
};

}  // namespace

std::vector<Rectangle> lower_rectangles(std::span<const Index> first_rows, Index rows,
                                        RectangleWidths widths) {
  Cover cover(first_rows, widths);
  const Index columns = count_of(first_rows);
  for (Index first = 0; first < columns; first += widths.most)
    cover.add({first, std::min(first + widths.most, columns)}, rows);
  return std::move(cover.rectangles);
}

std::vector<Rectangle> symmetric_rectangles(Index points, Index most) {
  std::vector<Rectangle> rectangles;
  const Index squares = (points + most - 1) / most;
  for (Index k = 0; k < squares; ++k) {
    const IndexRange columns{k * points / squares, (k + 1) * points / squares};
    rectangles.push_back({columns, columns});
    if (columns.last < points) rectangles.push_back({{columns.last, points}, columns});
  }
  return rectangles;
}

IndexList whole_columns(Index columns) {
  return IndexList(static_cast<std::size_t>(columns), 0);
}

IndexList columns_from_diagonal(Index columns) {
  return indices_of({0, columns});
}

void tile_by_lower_tile(const Kernel& kernel, const PointFeatures& rows,
                        const PointFeatures& columns, Eigen::Ref<Matrix> out) {
  if (&rows != &columns) return kernel.lower_tile(rows, columns, whole_columns(out.cols()), out);
  kernel.lower_tile(rows, columns, columns_from_diagonal(out.cols()), out);
  out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
}

}  // namespace ntkflow
