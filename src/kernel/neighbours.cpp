#include "kernel/neighbours.hpp"

namespace ntkflow {
namespace {

// Of each index of one dimension, the indices that `taps` see. Pairs (i, i + d) with i + d past the
// end go on at the beginning: zero padding keeps the two runs of pairs apart.
std::vector<IndexList> seen_indices(Index extent, Index taps, Padding padding, Index d) {
  std::vector<IndexList> seen(static_cast<std::size_t>(extent));
  for (Index i = 0; i < extent; ++i)
    for (Index tap = -(taps - 1) / 2; tap <= (taps - 1) / 2; ++tap) {
      const Index j = i + tap;
      const bool inside = 0 <= j && j < extent && (i < extent - d) == (j < extent - d);
      if (padding == Padding::circular)
        seen[static_cast<std::size_t>(i)].push_back(((j % extent) + extent) % extent);
      else if (inside)
        seen[static_cast<std::size_t>(i)].push_back(j);
    }
  return seen;
}

// to = the sum of these columns of `from`, lanes x columns.
void sum_columns(const double* from, const IndexList& columns, double* to) {
  Lanes total = Lanes::Map(from + columns.front() * lanes);
  for (std::size_t k = 1; k < columns.size(); ++k) total += Lanes::Map(from + columns[k] * lanes);
  Lanes::Map(to) = total;
}

}  // namespace

Index partner_of(const Lattice& lattice, Displacement d, Index row, Index column) {
  return (row + d.rows) % lattice.rows * lattice.columns + (column + d.columns) % lattice.columns;
}

Neighbours::Neighbours(const Lattice& lattice, const LimitLayer& layer, Displacement d)
    : rows_(seen_indices(lattice.rows, layer.taps.rows, layer.padding, d.rows)),
      columns_(seen_indices(lattice.columns, layer.taps.columns, layer.padding, d.columns)) {}

void Neighbours::sum(const LaneMatrix& values, Index row, LaneMatrix& scratch,
                     LaneMatrix& sum) const {
  const Index columns = count_of(columns_);
  const IndexList& rows = rows_of(row);
  scratch = values.middleCols(rows.front() * columns, columns);
  for (std::size_t k = 1; k < rows.size(); ++k)
    scratch += values.middleCols(rows[k] * columns, columns);
  for (Index x = 0; x < columns; ++x)
    sum_columns(scratch.data(), columns_of(x), sum.data() + x * lanes);
}

}  // namespace ntkflow
