#include "kernel/neighbours.hpp"

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

}  // namespace

Index partner_of(const Lattice& lattice, Displacement d, Index row, Index column) {
  return (row + d.rows) % lattice.rows * lattice.columns + (column + d.columns) % lattice.columns;
}

Neighbours::Neighbours(const Lattice& lattice, const LimitLayer& layer, Displacement d)
    : rows_(seen_indices(lattice.rows, layer.taps.rows, layer.padding, d.rows)),
      columns_(seen_indices(lattice.columns, layer.taps.columns, layer.padding, d.columns)) {}

void Neighbours::sum_rows(const LaneMatrix& values, Index row, LaneMatrix& sums) const {
  const IndexList& seen = rows_of(row);
  const Index count = count_of(columns_) * lanes;
  const auto line = [&](std::size_t k) { return values.data() + seen[k] * count; };
  sums.resize(lanes, count_of(columns_));
  double* sum = sums.data();
  if (seen.size() == 3) {
    const double *a = line(0), *b = line(1), *c = line(2);
#pragma omp simd
    for (Index i = 0; i < count; ++i) sum[i] = a[i] + b[i] + c[i];
    return;
  }
  std::copy_n(line(0), count, sum);
  for (std::size_t k = 1; k < seen.size(); ++k) {
    const double* more = line(k);
#pragma omp simd
    for (Index i = 0; i < count; ++i) sum[i] += more[i];
  }
}

}  // namespace ntkflow
