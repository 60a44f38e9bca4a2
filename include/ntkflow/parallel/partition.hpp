#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// Contiguous blocks of 0..n-1, one a rank: rank p owns [p b, (p+1) b) with b = ceil(n / ranks).
/// The last ranks may own less or nothing. It is the one-block-each case of ScaLAPACK's layout, so
/// that row blocks and block-cyclic matrices can be redistributed into each other directly.
/// A pure value: no MPI.
class Partition {
 public:
  Partition(Index n, int ranks);

  Index count() const { return n_; }
  int ranks() const { return ranks_; }
  Index block() const { return block_; }
  IndexRange range(int rank) const;
  int owner(Index i) const { return static_cast<int>(i / block_); }

 private:
  Index n_;
  int ranks_;
  Index block_;
};

}  // namespace ntkflow
