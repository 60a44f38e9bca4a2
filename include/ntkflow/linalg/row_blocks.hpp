#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"
#include "ntkflow/parallel/partition.hpp"

namespace ntkflow {

/// A tall matrix of which each rank holds a contiguous block of rows, e.g. eigenfunctions at the
/// reference points (N x K): a projection is then a local product and one sum of K numbers.
struct RowBlocks {
  Partition partition;  ///< of the rows
  Matrix local;         ///< my rows x columns
};

/// A range of columns of a block-cyclic matrix as row blocks over all ranks of the grid's
/// communicator, idle ones included. Beside the two blocks it needs buffers for some columns only.
/// Shape:      local rows x columns.count().
/// Collective: on matrix.grid().comm().
/// Source:     ScaLAPACK, PDGEMR2D.
RowBlocks to_row_blocks(const DistMatrix& matrix, IndexRange columns);

}  // namespace ntkflow
