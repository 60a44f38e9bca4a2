#include "ntkflow/network/neighbours.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace ntkflow {
namespace {

Index product(const IndexList& list) {
  return std::accumulate(list.begin(), list.end(), Index{1}, std::multiplies<>());
}

// Digits of a row-major index.
IndexList coordinates(Index index, const IndexList& extents) {
  IndexList digits(extents.size());
  for (std::size_t d = extents.size(); d-- > 0; index /= extents[d]) digits[d] = index % extents[d];
  return digits;
}

// Position under a tap, or outside.
Index neighbour(const IndexList& position, const IndexList& tap, const IndexList& extents,
                const IndexList& filter, Padding padding) {
  Index index = 0;
  for (std::size_t d = 0; d < extents.size(); ++d) {
    Index at = position[d] + tap[d] - (filter[d] - 1) / 2;
    if (padding == Padding::circular)
      at = (at % extents[d] + extents[d]) % extents[d];
    else if (at < 0 || at >= extents[d])
      return Neighbours::outside;
    index = index * extents[d] + at;
  }
  return index;
}

// Calls work(run, from, length) for the runs of taps that stand on consecutive positions, or all
// outside: `from` is the position under the first one.
template <typename Work>
void for_each_run(std::span<const Index> around, Work&& work) {
  const auto taps = static_cast<Index>(around.size());
  for (Index run = 0; run < taps;) {
    const Index from = around[static_cast<std::size_t>(run)];
    const Index step = from == Neighbours::outside ? 0 : 1;
    Index length = 1;
    while (run + length < taps &&
           around[static_cast<std::size_t>(run + length)] == from + step * length)
      ++length;
    work(run, from, length);
    run += length;
  }
}

}  // namespace

Neighbours::Neighbours(const IndexList& extents, const IndexList& filter, Padding padding)
    : positions_(product(extents)), taps_(product(filter)) {
  NTKFLOW_EXPECTS(extents.size() == filter.size());
  table_.reserve(static_cast<std::size_t>(positions_ * taps_));
  for (Index p = 0; p < positions_; ++p)
    for (Index o = 0; o < taps_; ++o)
      table_.push_back(
          neighbour(coordinates(p, extents), coordinates(o, filter), extents, filter, padding));
}

void Neighbours::gather(const double* maps, Index channels, IndexRange columns,
                        double* patches) const {
  for (Index j = columns.first; j < columns.last; ++j) {
    const Index position = j % positions_;
    const double* sample = maps + (j - position) * channels;
    for_each_run(around(position), [&](Index, Index from, Index length) {
      if (from == outside)
        std::fill_n(patches, length * channels, 0.0);
      else
        std::copy_n(sample + from * channels, length * channels, patches);
      patches += length * channels;
    });
  }
}

void Neighbours::scatter_add(const double* patches, Index channels, IndexRange columns,
                             double* maps) const {
  for (Index j = columns.first; j < columns.last; ++j) {
    const Index position = j % positions_;
    double* sample = maps + (j - position) * channels;
    for_each_run(around(position), [&](Index, Index from, Index length) {
      const Index count = length * channels;
      if (from != outside)
        for (Index i = 0; i < count; ++i) sample[from * channels + i] += patches[i];
      patches += count;
    });
  }
}

}  // namespace ntkflow
