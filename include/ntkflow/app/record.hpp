#pragma once

#include "ntkflow/app/train.hpp"
#include "ntkflow/archive/archive.hpp"
#include "ntkflow/flow/flow_state.hpp"
#include "ntkflow/observe/observer.hpp"

namespace ntkflow {

/// Writes one snapshot into its row of the archive; the caller commits it. Collective.
void record_snapshot(Archive& archive, Index row, const Observation& seen, const FlowState& state,
                     const TrainSetting& setting);

}  // namespace ntkflow
