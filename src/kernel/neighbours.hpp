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
class Neighbours {
 public:
  Neighbours(const Lattice& lattice, const LimitLayer& layer, Displacement d);

  const IndexList& rows_of(Index row) const { return rows_[static_cast<std::size_t>(row)]; }
  const IndexList& columns_of(Index column) const {
    return columns_[static_cast<std::size_t>(column)];
  }

  /// The part of S[values] within columns: sums over the rows that the taps of `row` see.
  /// Shape: values lanes x positions, sums lanes x columns.
  void sum_rows(const LaneMatrix& values, Index row, LaneMatrix& sums) const;

  /// S[values] at one column of the row whose sum_rows() these are. To be inlined.
  Lanes sum_columns(const LaneMatrix& row_sums, Index column) const {
    const IndexList& seen = columns_of(column);
    Lanes sum = Lanes::Map(row_sums.data() + seen.front() * lanes);
    for (std::size_t k = 1; k < seen.size(); ++k)
      sum += Lanes::Map(row_sums.data() + seen[k] * lanes);
    return sum;
  }

 private:
  std::vector<IndexList> rows_, columns_;
};

}  // namespace ntkflow
