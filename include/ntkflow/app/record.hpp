#pragma once

#include "ntkflow/app/run_state.hpp"
#include "ntkflow/app/train.hpp"
#include "ntkflow/archive/archive.hpp"

namespace ntkflow {

/// Writes the next snapshot of a state that has reached its time; theta is the network's at that time,
/// which may lie within the state's last step. The caller commits it. Collective.
void record_snapshot(Archive& archive, const RunState& state, const ShardedVector& theta,
                     const TrainSetting& setting);

}  // namespace ntkflow
