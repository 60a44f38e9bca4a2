#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/observables.hpp"
#include "ntkflow/app/progress.hpp"
#include "ntkflow/app/stop_request.hpp"
#include "ntkflow/archive/archive.hpp"
#include "ntkflow/observe/observer.hpp"

#include <vector>

namespace ntkflow {

enum class Ending { completed, stopped };

/// What the eigenvalues of G/n alone predict: for the flow, or for the discrete iteration.
DecayLaw law_of(const FlowSpec& flow);

/// What a flow is run with: references, which must outlive it.
struct TrainSetting {
  const JobConfig& job;
  const Experiment& experiment;
  const ResidualField& train;
  const ResidualField& reference;
  const Observer& observer;
  const Observables& observables;
  const std::vector<double>& times;
};

/// Runs the flow from theta_0, or from the archive's last good checkpoint, through the snapshot
/// times, and commits a snapshot at each. Stopped: everything so far is committed, and a
/// checkpoint says how to go on. Collective.
/// Throws: Error (exit 78) when the flow cannot be continued; what was committed stays.
Ending train(Archive& archive, const TrainSetting& setting, const StopRequest& stop,
             Progress& progress);

}  // namespace ntkflow
