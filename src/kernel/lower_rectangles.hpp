#pragma once

#include "ntkflow/kernel/kernel.hpp"

#include <span>
#include <vector>

namespace ntkflow {

/// Rows and columns of a tile.
struct Rectangle {
  IndexRange rows, columns;
};

/// How many columns a rectangle has at most, and where it is no more cut along the diagonal.
struct RectangleWidths {
  Index most;
  Index least;
};

/// Rectangles that cover the entries (i, j) of a tile with first_rows[j] <= i < rows, each once:
/// wide ones, which a matrix product fills at full speed, and narrow ones along the diagonal, above
/// which little is computed in vain.
/// Shape: first_rows ascends, one entry a column.
std::vector<Rectangle> lower_rectangles(std::span<const Index> first_rows, Index rows,
                                        RectangleWidths widths);

/// Rectangles that cover the lower triangle of a tile whose columns are its rows, for products that
/// do a block with itself at half the cost: squares on the diagonal, of `most` columns at most, and
/// what lies below each.
std::vector<Rectangle> symmetric_rectangles(Index points, Index most);

/// first_rows of a whole tile, and of one whose rows are its columns.
IndexList whole_columns(Index columns);
IndexList columns_from_diagonal(Index columns);

/// Kernel::tile() of a kernel whose own is lower_tile(): where the rows are the columns one triangle
/// is computed and mirrored.
void tile_by_lower_tile(const Kernel& kernel, const PointFeatures& rows,
                        const PointFeatures& columns, Eigen::Ref<Matrix> out);

}  // namespace ntkflow
