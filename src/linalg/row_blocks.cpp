#include "ntkflow/linalg/row_blocks.hpp"

#include "linalg/scalapack.hpp"
#include "ntkflow/base/error.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

// pdgemr2d packs what it moves: columns go a panel at a time, so that its buffers stay small beside
// the matrix.
constexpr Index panel_columns = 256;

}  // namespace

RowBlocks to_row_blocks(const DistMatrix& matrix, IndexRange columns) {
  NTKFLOW_EXPECTS(0 <= columns.first && columns.first <= columns.last &&
                  columns.last <= matrix.columns());
  const Communicator& comm = matrix.grid().comm();
  RowBlocks result{Partition(matrix.rows(), comm.size()), {}};
  result.local.setZero(result.partition.range(comm.rank()).count(), columns.count());
  if (matrix.rows() == 0 || columns.count() == 0) return result;

  const BlacsContext from(comm, matrix.grid().shape());
  const BlacsContext to(comm, {comm.size(), 1});
  const BlockCyclicLayout row_layout{
      CyclicDimension(matrix.rows(), result.partition.block(), comm.size()),
      CyclicDimension(columns.count(), columns.count(), 1)};
  const Descriptor desc_from = descriptor(from, matrix.layout(), matrix.local().rows());
  const Descriptor desc_to = descriptor(to, row_layout, result.local.rows());
  for (Index j = 0; j < columns.count(); j += panel_columns) {
    const Index width = std::min(panel_columns, columns.count() - j);
    Cpdgemr2d(desc_from[2], static_cast<int>(width), matrix.local().data(), 1,
              static_cast<int>(columns.first + j + 1), desc_from.data(), result.local.data(), 1,
              static_cast<int>(j + 1), desc_to.data(), to.handle());
  }
  return result;
}

}  // namespace ntkflow
