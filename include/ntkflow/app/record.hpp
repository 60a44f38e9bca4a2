#pragma once

#include "ntkflow/app/run_state.hpp"
#include "ntkflow/app/train.hpp"
#include "ntkflow/archive/archive.hpp"

namespace ntkflow {

/// Writes the next snapshot of a state that has reached its time; the caller commits it.
/// Collective.
void record_snapshot(Archive& archive, const RunState& state, const TrainSetting& setting);

}  // namespace ntkflow
