#include "ntkflow/linalg/dist_matrix.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/heap.hpp"

namespace ntkflow {

DistMatrix::DistMatrix(const ProcessGrid& grid, const BlockCyclicLayout& layout)
    : grid_(&grid),
      layout_(layout),
      my_rows_(layout.rows.globals(grid.my_row())),
      my_columns_(layout.columns.globals(grid.my_column())),
      local_(count_of(my_rows_), count_of(my_columns_)) {
  NTKFLOW_EXPECTS(layout.rows.processes() == grid.rows());
  NTKFLOW_EXPECTS(layout.columns.processes() == grid.columns());
  use_large_pages(local_.data(), local_.size());
  local_.setZero();
}

}  // namespace ntkflow
