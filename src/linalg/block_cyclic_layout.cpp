#include "ntkflow/linalg/block_cyclic_layout.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <bit>

namespace ntkflow {

CyclicDimension::CyclicDimension(Index n, Index block, int processes)
    : n_(n), block_(block), processes_(processes) {
  NTKFLOW_EXPECTS(n >= 0 && block >= 1 && processes >= 1);
}

// A process owns one block of every complete round of dealing, and its share of the last round.
Index CyclicDimension::local_extent(int process) const {
  NTKFLOW_EXPECTS(-1 <= process && process < processes_);
  if (process < 0) return 0;
  const Index round = block_ * processes_;
  const Index last_round = n_ % round - process * block_;
  return n_ / round * block_ + std::clamp<Index>(last_round, 0, block_);
}

Index CyclicDimension::to_global(Index local, int process) const {
  return (local / block_ * processes_ + process) * block_ + local % block_;
}

Index CyclicDimension::to_local(Index global) const {
  return global / (block_ * processes_) * block_ + global % block_;
}

int CyclicDimension::owner(Index global) const {
  return static_cast<int>(global / block_ % processes_);
}

IndexList CyclicDimension::globals(int process) const {
  IndexList list(static_cast<std::size_t>(local_extent(process)));
  for (Index local = 0; local < count_of(list); ++local)
    list[static_cast<std::size_t>(local)] = to_global(local, process);
  return list;
}

BlockCyclicLayout BlockCyclicLayout::square(Index n, GridShape grid) {
  return square(n, grid, default_block(n, grid));
}

Index BlockCyclicLayout::default_block(Index n, GridShape grid) {
  const Index share = n / (8 * std::max(grid.rows, grid.columns));
  return static_cast<Index>(
      std::bit_floor(static_cast<std::uint64_t>(std::clamp<Index>(share, 8, 64))));
}

BlockCyclicLayout BlockCyclicLayout::square(Index n, GridShape grid, Index block) {
  return {CyclicDimension(n, block, grid.rows), CyclicDimension(n, block, grid.columns)};
}

}  // namespace ntkflow
