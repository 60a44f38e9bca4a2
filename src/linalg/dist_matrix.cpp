#include "ntkflow/linalg/dist_matrix.hpp"

#include "ntkflow/base/error.hpp"

namespace ntkflow {

DistMatrix::DistMatrix(const ProcessGrid& grid, const BlockCyclicLayout& layout)
    : grid_(&grid),
      layout_(layout),
      my_rows_(layout.rows.globals(grid.my_row())),
      my_columns_(layout.columns.globals(grid.my_column())),
      local_(Matrix::Zero(count_of(my_rows_), count_of(my_columns_))) {
  NTKFLOW_EXPECTS(layout.rows.processes() == grid.rows());
  NTKFLOW_EXPECTS(layout.columns.processes() == grid.columns());
}

}  // namespace ntkflow
