#pragma once

#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// Shape of a two-dimensional grid of processes.
struct GridShape {
  int rows = 1;
  int columns = 1;

  int size() const { return rows * columns; }
  friend bool operator==(const GridShape&, const GridShape&) = default;
};

/// The grid with the most processes of at most `ranks` whose sides differ by a factor of 2 at most:
/// a prime number of ranks leaves some idle rather than making a 1 x p grid (7 gives 2 x 3).
GridShape near_square(int ranks);

/// A row-major grid over the first rows * columns ranks of a communicator; later ranks are idle.
/// Keeps a reference: the communicator must outlive it.
class ProcessGrid {
 public:
  explicit ProcessGrid(const Communicator& comm) : ProcessGrid(comm, near_square(comm.size())) {}
  ProcessGrid(const Communicator& comm, GridShape shape);

  const Communicator& comm() const { return *comm_; }
  GridShape shape() const { return shape_; }
  int rows() const { return shape_.rows; }
  int columns() const { return shape_.columns; }

  /// Whether this rank has a place in the grid; otherwise its row and column are -1.
  bool is_member() const { return row_ >= 0; }
  int my_row() const { return row_; }
  int my_column() const { return column_; }

 private:
  const Communicator* comm_;
  GridShape shape_;
  int row_ = -1;
  int column_ = -1;
};

}  // namespace ntkflow
