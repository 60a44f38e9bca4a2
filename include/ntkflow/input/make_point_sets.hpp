#pragma once

#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/input/point_set.hpp"

namespace ntkflow {

/// Reads and checks what the specs name and makes both point sets. May read files: call it inside
/// agree(). Training points are drawn, or are the reference points themselves with their weights;
/// noise is added to their targets alone. The same arguments give the same points bit for bit on every rank.
/// Throws: ConfigError (impossible combination, bad data), MissingInput (no such file).
PointSets make_point_sets(const InputSpec& input, const TargetSpec& target,
                          const ReferenceSpec& reference, const TrainingSpec& training,
                          std::uint64_t seed);

}  // namespace ntkflow
