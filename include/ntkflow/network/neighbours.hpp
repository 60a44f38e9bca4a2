#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/network/architecture.hpp"

#include <span>

namespace ntkflow {

/// Which positions of a grid a filter sees from each position. Positions and taps count in
/// row-major order; tap o of a filter of k stands at offset o - (k - 1)/2 in each dimension.
///
/// A batch on a grid of P positions is a matrix channels x (P * batch). Its patches are a matrix
/// (channels * taps) x columns, channel fastest: column j holds what the filter sees from column j.
class Neighbours {
 public:
  static constexpr Index outside = -1;

  Neighbours(const IndexList& extents, const IndexList& filter, Padding padding);

  Index positions() const { return positions_; }
  Index taps() const { return taps_; }

  /// The positions under all taps around one position; `outside` in the padding.
  std::span<const Index> around(Index position) const {
    return {table_.data() + position * taps_, static_cast<std::size_t>(taps_)};
  }

  /// Patches of some columns. Shape: maps channels x (P * batch), patches channels * taps x
  /// columns.count().
  void gather(const double* maps, Index channels, IndexRange columns, double* patches) const;

  /// The adjoint: maps += what patches of these columns would have been gathered from.
  void scatter_add(const double* patches, Index channels, IndexRange columns, double* maps) const;

 private:
  Index positions_;
  Index taps_;
  IndexList table_;
};

}  // namespace ntkflow
