#pragma once

#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"

#include <memory>
#include <span>
#include <vector>

namespace ntkflow {

/// Points of a tile side: wide enough for the kernel's matrix products to run at full speed, narrow
/// enough that few entries of a lower triangle are computed in vain.
constexpr Index chunk_points = 512;

/// What a kernel needs of some consecutive members of a list of points.
struct FeatureChunk {
  IndexRange positions;  ///< in the list
  std::unique_ptr<PointFeatures> features;
};

/// The positions 0..count-1 of a list, chunk_points at a time.
std::vector<IndexRange> chunks_of(Index count);

/// A range, `size` at a time.
std::vector<IndexRange> chunks_of(IndexRange range, Index size);

FeatureChunk prepare_chunk(const Kernel& kernel, const PointSet& points,
                           std::span<const Index> indices, IndexRange positions);

std::vector<FeatureChunk> prepare_chunks(const Kernel& kernel, const PointSet& points,
                                         std::span<const Index> indices);

}  // namespace ntkflow
