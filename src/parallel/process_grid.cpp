#include "ntkflow/parallel/process_grid.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>

namespace ntkflow {

GridShape near_square(int ranks) {
  NTKFLOW_EXPECTS(ranks >= 1);
  GridShape best;
  for (int rows = 1; rows * rows <= ranks; ++rows) {
    const int columns = std::min(ranks / rows, 2 * rows);
    if (rows * columns >= best.size()) best = {rows, columns};
  }
  return best;
}

ProcessGrid::ProcessGrid(const Communicator& comm, GridShape shape) : comm_(&comm), shape_(shape) {
  NTKFLOW_EXPECTS(shape.rows >= 1 && shape.columns >= 1 && shape.size() <= comm.size());
  if (comm.rank() >= shape.size()) return;
  row_ = comm.rank() / shape.columns;
  column_ = comm.rank() % shape.columns;
}

}  // namespace ntkflow
