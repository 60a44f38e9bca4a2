#include "spectrum/feature_chunk.hpp"

#include <algorithm>

namespace ntkflow {

std::vector<IndexRange> chunks_of(Index count) {
  return chunks_of({0, count}, chunk_points);
}

std::vector<IndexRange> chunks_of(IndexRange range, Index size) {
  std::vector<IndexRange> chunks;
  for (Index first = range.first; first < range.last; first += size)
    chunks.push_back({first, std::min(range.last, first + size)});
  return chunks;
}

FeatureChunk prepare_chunk(const Kernel& kernel, const PointSet& points,
                           std::span<const Index> indices, IndexRange positions) {
  const auto chosen = indices.subspan(static_cast<std::size_t>(positions.first),
                                      static_cast<std::size_t>(positions.count()));
  return {positions, kernel.prepare(points.points(chosen))};
}

std::vector<FeatureChunk> prepare_chunks(const Kernel& kernel, const PointSet& points,
                                         std::span<const Index> indices) {
  std::vector<FeatureChunk> chunks;
  for (const IndexRange positions : chunks_of(count_of(indices)))
    chunks.push_back(prepare_chunk(kernel, points, indices, positions));
  return chunks;
}

}  // namespace ntkflow
