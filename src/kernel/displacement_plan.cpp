#include "kernel/pair_chain.hpp"

namespace ntkflow {
namespace {

// A pool's windows, and a flattened lattice is one window.
Lattice window_of(const LimitNetwork& network, std::size_t level) {
  const Level& here = network.levels[level];
  return here.start == LevelStart::flatten ? network.levels[level - 1].lattice : here.window;
}

Index wrapped(Index i, Index extent) {
  return ((i % extent) + extent) % extent;
}

// The positions in each window of those pairs whose partner is shift further inside its window.
std::vector<IndexList> positions_in_windows(const Lattice& coarse, const Lattice& window,
                                            Displacement shift) {
  std::vector<IndexList> positions(static_cast<std::size_t>(coarse.count()));
  const Index columns = coarse.columns * window.columns;
  for (Index p = 0; p < coarse.count(); ++p)
    for (Index y = 0; y < window.rows; ++y)
      for (Index x = 0; x < window.columns; ++x) {
        const Index other_y = y + shift.rows, other_x = x + shift.columns;
        if (other_y < 0 || other_y >= window.rows || other_x < 0 || other_x >= window.columns)
          continue;
        positions[static_cast<std::size_t>(p)].push_back((p / coarse.columns * window.rows + y) *
                                                             columns +
                                                         p % coarse.columns * window.columns + x);
      }
  return positions;
}

std::vector<PooledPart> pooled_parts(const LimitNetwork& network, std::size_t level,
                                     Displacement d) {
  const Lattice& coarse = network.levels[level].lattice;
  const Lattice& fine = network.levels[level - 1].lattice;
  const Lattice window = window_of(network, level);
  // A flattened lattice has the pairs of a position with itself only.
  const bool flattens = network.levels[level].start == LevelStart::flatten;
  const Lattice reach = flattens ? Lattice{} : window;
  std::vector<PooledPart> parts;
  for (Index y = 1 - reach.rows; y < reach.rows; ++y)
    for (Index x = 1 - reach.columns; x < reach.columns; ++x) {
      const Displacement below = {wrapped(d.rows * window.rows + y, fine.rows),
                                  wrapped(d.columns * window.columns + x, fine.columns)};
      parts.push_back({DisplacementPlan(network, level - 1, below),
                       positions_in_windows(coarse, window, {y, x})});
    }
  return parts;
}

}  // namespace

DisplacementPlan::DisplacementPlan(const LimitNetwork& network, std::size_t level, Displacement d) {
  const Level& here = network.levels[level];
  for (Index y = 0; y < here.lattice.rows; ++y)
    for (Index x = 0; x < here.lattice.columns; ++x)
      partners.push_back(partner_of(here.lattice, d, y, x));
  for (const LimitLayer& layer : here.layers) neighbours.emplace_back(here.lattice, layer, d);
  if (level > 0) below = pooled_parts(network, level, d);
}

// The shifts go from one corner to the opposite one; no shift is in their middle.
const std::vector<IndexList>& DisplacementPlan::whole_windows() const {
  return below[below.size() / 2].positions;
}

}  // namespace ntkflow
