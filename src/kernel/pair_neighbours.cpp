#include "kernel/pair_neighbours.hpp"

#include <algorithm>

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

// to = the sum of some parts of `from`, `stride` apart. The usual filters have three taps.
void add_up(const double* from, const IndexList& parts, Index stride, Index count, double* to) {
  const double* a = from + parts[0] * stride;
  if (parts.size() == 3) {
    const double *b = from + parts[1] * stride, *c = from + parts[2] * stride;
#pragma omp simd
    for (Index i = 0; i < count; ++i) to[i] = a[i] + b[i] + c[i];
    return;
  }
  std::copy_n(a, count, to);
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const double* more = from + parts[k] * stride;
#pragma omp simd
    for (Index i = 0; i < count; ++i) to[i] += more[i];
  }
}

// The first run of columns that see themselves and both neighbours, in order.
IndexRange inner_columns(const std::vector<IndexList>& seen) {
  const auto is_inner = [&](Index x) {
    return seen[static_cast<std::size_t>(x)] == IndexList{x - 1, x, x + 1};
  };
  Index first = 0;
  while (first < count_of(seen) && !is_inner(first)) ++first;
  Index last = first;
  while (last < count_of(seen) && is_inner(last)) ++last;
  return {first, last};
}

}  // namespace

Index partner_of(const Lattice& lattice, Displacement d, Index row, Index column) {
  return (row + d.rows) % lattice.rows * lattice.columns + (column + d.columns) % lattice.columns;
}

PairNeighbours::PairNeighbours(const Lattice& lattice, const LimitLayer& layer, Displacement d)
    : rows_(seen_indices(lattice.rows, layer.taps.rows, layer.padding, d.rows)),
      columns_(seen_indices(lattice.columns, layer.taps.columns, layer.padding, d.columns)),
      inner_(inner_columns(columns_)) {}

void PairNeighbours::sum(const LaneMatrix& values, Index row, LaneMatrix& scratch,
                         LaneMatrix& sum) const {
  const Index columns = count_of(columns_), line = columns * lanes;
  scratch.resize(lanes, columns);
  sum.resize(lanes, columns);
  add_up(values.data(), rows_of(row), line, line, scratch.data());
  for (Index x = 0; x < columns; ++x)
    if (!inner_.contains(x))
      add_up(scratch.data(), columns_of(x), lanes, lanes, sum.data() + x * lanes);
  const double* middle = scratch.data();
  double* to = sum.data();
#pragma omp simd
  for (Index i = inner_.first * lanes; i < inner_.last * lanes; ++i)
    to[i] = middle[i - lanes] + middle[i] + middle[i + lanes];
}

}  // namespace ntkflow
