#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/block_cyclic_layout.hpp"
#include "ntkflow/parallel/process_grid.hpp"

#include <functional>

namespace ntkflow {

/// A dense matrix spread block-cyclically over a process grid (the picture is in
/// block_cyclic_layout.hpp). Ranks outside the grid hold an empty block.
/// Keeps a reference to the grid, which must outlive it.
class DistMatrix {
 public:
  DistMatrix(const ProcessGrid& grid, const BlockCyclicLayout& layout);

  const ProcessGrid& grid() const { return *grid_; }
  const BlockCyclicLayout& layout() const { return layout_; }
  Index rows() const { return layout_.rows.count(); }
  Index columns() const { return layout_.columns.count(); }

  /// This rank's entries, column-major. Shape: local rows x local columns.
  Matrix& local() { return local_; }
  const Matrix& local() const { return local_; }

  /// Global indices of the local rows and columns, in local order.
  const IndexList& my_rows() const { return my_rows_; }
  const IndexList& my_columns() const { return my_columns_; }

 private:
  const ProcessGrid* grid_;
  BlockCyclicLayout layout_;
  IndexList my_rows_;
  IndexList my_columns_;
  Matrix local_;
};

}  // namespace ntkflow
