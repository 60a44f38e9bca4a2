#pragma once

#include "kernel/pair_neighbours.hpp"

#include <span>

namespace ntkflow {

/// What belongs to each point and position of a batch at the output alpha of a layer.
struct AlphaPoints {
  Vector deviation;  ///< sqrt(A(x, x))
  Vector mean;       ///< M; empty in a network without skips
};

/// A batch of points around one layer.
struct LayerPoints {
  const AlphaPoints& below;
  const DualPoints& dual;
  const Vector& inverse;  ///< 1/deviation of the dual, 0 where that is 0
  const AlphaPoints& above;
};

/// Pairs of a group of row points with column points, at each site: a position of one column point
/// on a lattice, or on a vector one of several column points.
/// Shape: lanes x sites.
struct PairState {
  LaneMatrix near, far;  ///< 1 - rho and 1 + rho, rho the correlation of the alphas
  LaneMatrix value;      ///< A
  LaneMatrix tangent;    ///< B

  void resize(Index sites);
};

/// The sites of pairs, line after line, with the points that meet there. On a vector all column
/// points are one line.
struct Sites {
  Index lines = 1;
  Index width = 1;
  std::span<const Segment> segments;
  /// 1 in a lane whose two points are equal, else 0: the correlation of equal Gaussians is 1.
  Lanes equal = Lanes::Zero();
};

/// A of pairs whose correlations are known. Shape: near, far, value segments.size() * lanes.
void set_values(const AlphaPoints& rows, const AlphaPoints& columns,
                std::span<const Segment> segments, const double* near, const double* far,
                double* value);

/// Takes pairs through the layers of one lattice. Keeps scratch memory: one object a thread.
class PairPass {
 public:
  /// in -> out. A layer of one tap needs no neighbours.
  void run(const LimitLayer& layer, const PairNeighbours* neighbours, const Sites& sites,
           const LayerPoints& rows, const LayerPoints& columns, const PairState& in,
           PairState& out);

 private:
  struct Arguments;
  void run_line(const Arguments& arguments, Index line);

  LaneMatrix value_sum_, scratch_, tangent_, slope_;
};

}  // namespace ntkflow
