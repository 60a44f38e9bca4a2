#pragma once

#include "ntkflow/app/job.hpp"
#include "ntkflow/app/progress.hpp"
#include "ntkflow/app/status.hpp"
#include "ntkflow/app/stop_request.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// One start of `ntkflow run`, `kernel` or `spectrum`: does what the job's archive still lacks, and
/// reports completed or stopped. With --extend the archive is a new one that begins where the job's
/// finished one ends. Returns the exit code; everything else is thrown. Collective.
ExitCode run_job(const Communicator& world, const Job& job, const StopRequest& stop,
                 Progress& progress, Status& status);

}  // namespace ntkflow
