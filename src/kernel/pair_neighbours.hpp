#pragma once

#include "kernel/limit_network.hpp"
#include "kernel/pair_run.hpp"

#include <vector>

namespace ntkflow {

/// The pairs of positions (p, p + d), p + d taken round the lattice, that belong to one displacement
/// d: p runs over the lattice. A convolution joins such pairs with each other only.
struct Displacement {
  Index rows = 0;
  Index columns = 0;
};

/// p + d.
Index partner_of(const Lattice& lattice, Displacement d, Index row, Index column);

/// Where a filter's taps find the pairs (p + o, p + d + o) of a pair (p, p + d). Rows and columns of
/// a lattice are apart, because sums over a filter are sums over rows of sums over columns. Beyond
/// the border padding with zeros has no pair.
class PairNeighbours {
 public:
  PairNeighbours(const Lattice& lattice, const LimitLayer& layer, Displacement d);

  const IndexList& rows_of(Index row) const { return rows_[static_cast<std::size_t>(row)]; }
  const IndexList& columns_of(Index column) const {
    return columns_[static_cast<std::size_t>(column)];
  }

  /// S[values] on one row of the lattice.
  /// Shape: values lanes x positions, sum lanes x columns; scratch lanes x columns.
  void sum(const LaneMatrix& values, Index row, LaneMatrix& scratch, LaneMatrix& sum) const;

 private:
  std::vector<IndexList> rows_, columns_;
  IndexRange inner_;  ///< columns x that see x - 1, x and x + 1: all but the ends of a usual filter
};

}  // namespace ntkflow
