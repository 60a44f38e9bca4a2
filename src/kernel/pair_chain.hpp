#pragma once

#include "kernel/analytic_points.hpp"

namespace ntkflow {

struct PooledPart;

/// How the pairs (p, p + d) of a level are computed: from which pairs of the level below, and with
/// which neighbours in each layer.
struct DisplacementPlan {
  IndexList partners;                      ///< p + d of each p
  std::vector<PairNeighbours> neighbours;  ///< one a layer
  std::vector<PooledPart> below;           ///< none for the level of the input

  DisplacementPlan(const LimitNetwork& network, std::size_t level, Displacement d);

  /// All positions of each window below.
  const std::vector<IndexList>& whole_windows() const;
};

/// A plan of the level below, and the positions of its pairs in the windows of a pool. A flattened
/// lattice is one window.
struct PooledPart {
  DisplacementPlan plan;
  std::vector<IndexList> positions;  ///< in each window
};

/// Pairs from the input up to the readout. Keeps scratch memory: one object a thread.
class PairChain {
 public:
  PairChain(const LimitNetwork& network, const AnalyticPoints& rows, const AnalyticPoints& columns);

  /// The pairs of a group of row points and one column point on a level, behind its layers, for a
  /// network that begins with a grid. The result is scratch memory.
  const PairState& run(const DisplacementPlan& plan, std::size_t level, Index group, Index column);

  /// A before the layers of a level that begins with a mean; for the diagonal of the kernel.
  const LaneMatrix& pooled_value(const DisplacementPlan& plan, std::size_t level, Index group,
                                 Index column);

  /// As run(), for a network that begins with a vector, with several column points at once: their
  /// correlations 1 - rho and 1 + rho are given. Shape: lanes x columns.count().
  const PairState& run_vectors(Index group, IndexRange columns, const LaneMatrix& near,
                               const LaneMatrix& far);

 private:
  // What is at work on one level: the layers go from one state to the other.
  struct Workspace {
    PairState states[2];
    std::vector<Segment> segments;
    PairPass pass;
  };

  void start_on_grid(const DisplacementPlan& plan, Index group, Index column, PairState& state);
  void start_on_pool(const DisplacementPlan& plan, std::size_t level, Index group, Index column,
                     PairState& state);
  void start_flat(const DisplacementPlan& plan, std::size_t level, Index group, Index column,
                  PairState& state);
  void take_means(const DisplacementPlan& plan, std::size_t level, Index group, Index column,
                  PairState& state);
  const PairState& pass_layers(const std::vector<PairNeighbours>& neighbours, std::size_t level,
                               const Sites& sites);

  const LimitNetwork& network_;
  const AnalyticPoints& rows_;
  const AnalyticPoints& columns_;
  std::vector<Workspace> work_;
};

}  // namespace ntkflow
