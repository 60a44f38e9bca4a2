#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// How the numbers of one sample are arranged: channels at each position of a grid of one or two
/// dimensions, or a plain vector, which has channels and no grid. In memory the channel runs
/// fastest, then the last extent: the bytes of a row-major array (extents..., channels).
struct SampleShape {
  IndexList extents;  ///< empty: a vector; {length}: a sequence; {height, width}: an image
  Index channels = 0;

  static SampleShape vector(Index dimension) { return {{}, dimension}; }

  bool has_grid() const { return !extents.empty(); }

  /// 1 for a vector.
  Index positions() const {
    Index product = 1;
    for (const Index extent : extents) product *= extent;
    return product;
  }

  /// Numbers in a sample.
  Index size() const { return channels * positions(); }

  friend bool operator==(const SampleShape&, const SampleShape&) = default;
};

}  // namespace ntkflow
