#pragma once

// Distributed matrices from and to whole ones, for comparison with serial arithmetic in tests.

#include "ntkflow/linalg/dist_matrix.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/parallel/collectives.hpp"

namespace ntkflow {

inline DistMatrix distribute(const ProcessGrid& grid, const Matrix& whole, Index block = 64) {
  DistMatrix matrix(grid, {CyclicDimension(whole.rows(), block, grid.rows()),
                           CyclicDimension(whole.cols(), block, grid.columns())});
  matrix.local() = whole(matrix.my_rows(), matrix.my_columns());
  return matrix;
}

/// The whole matrix on every rank. Collective.
inline Matrix gather(const DistMatrix& matrix) {
  Matrix whole = Matrix::Zero(matrix.rows(), matrix.columns());
  whole(matrix.my_rows(), matrix.my_columns()) = matrix.local();
  sum_over_ranks(matrix.grid().comm(), span_of(whole));
  return whole;
}

/// The whole matrix on every rank. Collective.
inline Matrix gather(const Communicator& comm, const RowBlocks& blocks) {
  const IndexRange mine = blocks.partition.range(comm.rank());
  Matrix whole = Matrix::Zero(blocks.partition.count(), blocks.local.cols());
  whole.middleRows(mine.first, mine.count()) = blocks.local;
  sum_over_ranks(comm, span_of(whole));
  return whole;
}

}  // namespace ntkflow
