#pragma once

#include "ntkflow/app/job.hpp"
#include "ntkflow/app/progress.hpp"
#include "ntkflow/app/status.hpp"
#include "ntkflow/app/stop_request.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// One start of a job with a section [sweep]: every member is checked before anything is made, then
/// groups of ranks take members, in their order, as they get ready, and run each as a job of its
/// own. `common` is the job without a member's values. Members that are complete stay as they are,
/// and a member that fails does not stop the others. The table of sweep_files.hpp is written at the
/// start and at the end.
/// Returns completed or stopped. Collective.
/// Throws: on all ranks, what is wrong with a member before the start; at the end, when members
/// have failed, the numerical failure's exit code if there is one, else the first one's.
ExitCode run_sweep(const Communicator& world, const Sweep& sweep, const Job& common,
                   const StopRequest& stop, Progress& progress, Status& status);

}  // namespace ntkflow
