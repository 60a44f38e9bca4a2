#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/process_grid.hpp"

namespace ntkflow {

/// One dimension of a block-cyclic distribution: blocks of `block` consecutive indices are dealt to
/// the processes 0, 1, ..., p-1, 0, 1, ... in turn; each stores its own blocks after each other.
///
///     n = 10, block = 2, processes = 3
///     global   0 1 | 2 3 | 4 5 | 6 7 | 8 9
///     process   0     1     2     0     1
///     local    0 1   0 1   0 1   2 3   2 3
///
/// A pure value: no MPI.
class CyclicDimension {
 public:
  CyclicDimension(Index n, Index block, int processes);

  Index count() const { return n_; }
  Index block() const { return block_; }
  int processes() const { return processes_; }

  /// How many indices a process has; 0 for process -1.
  Index local_extent(int process) const;

  /// From a process's own numbering, and back from the one that has the index.
  Index to_global(Index local, int process) const;
  Index to_local(Index global) const;
  int owner(Index global) const;

  /// Global indices of a process, in local order. Empty for process -1 (a rank outside the grid).
  IndexList globals(int process) const;

 private:
  Index n_;
  Index block_;
  int processes_;
};

/// Two-dimensional block-cyclic distribution of a matrix, as ScaLAPACK has it.
struct BlockCyclicLayout {
  CyclicDimension rows;
  CyclicDimension columns;

  /// Rows and columns alike, in blocks of default_block() unless given.
  static BlockCyclicLayout square(Index n, GridShape grid);
  static BlockCyclicLayout square(Index n, GridShape grid, Index block);

  /// A power of two: at most 64, which suits ScaLAPACK, and of a small matrix so few, at least 8,
  /// that every process has eight blocks of rows and of columns. With fewer one process would have
  /// much more of the lower triangle than another.
  static Index default_block(Index n, GridShape grid);
};

}  // namespace ntkflow
