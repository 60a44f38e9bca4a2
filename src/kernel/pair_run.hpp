#pragma once

#include "ntkflow/base/types.hpp"

#include <span>

namespace ntkflow {

/// Row points that are worked on together, in vector registers. A kernel's points stand in groups
/// of so many; the last group is filled up with points at 0.
constexpr Index lanes = 16;
using Lanes = Eigen::Array<double, lanes, 1>;

/// A group's numbers at many sites, one site a column.
using LaneMatrix = Eigen::Matrix<double, lanes, Eigen::Dynamic>;

inline Index groups_of(Index points) {
  return (points + lanes - 1) / lanes;
}

/// `lanes` pairs: consecutive row points, from `row` on, with one column point. `row` is a multiple
/// of `lanes`.
struct Segment {
  Index row = 0;
  Index column = 0;
};

/// Pairs on their way through a layer. The correlation rho of a pair's Gaussians is kept as its
/// distance from either end: what an arccos would lose near rho = +-1 is in `near` and `far`, which
/// are small there and relatively exact.
/// Shape: each array segments.size() * lanes, a segment's pairs after each other.
struct PairRun {
  std::span<const Segment> segments;
  double* near = nullptr;   ///< 1 - rho
  double* far = nullptr;    ///< 1 + rho
  double* slope = nullptr;  ///< D of the last dual, E[omega'(u) omega'(v)]
};

/// Where 1 - |rho| is below this, its rounding error would matter to a kink above: acos(1 - 1e-16)
/// is 1e-8.
constexpr double near_end = 1e-3;

}  // namespace ntkflow
