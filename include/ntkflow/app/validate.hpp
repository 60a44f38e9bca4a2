#pragma once

#include "ntkflow/app/command_line.hpp"

#include <string>

namespace ntkflow {

/// What `ntkflow validate JOB` prints: the effective job, then each assumption of Theorem 1 of
/// [BM22] that the job does not meet. Reads the data that the job names, computes nothing large. No
/// MPI. Throws: whatever a run would refuse before it starts.
std::string validate_job(const CommandLine& command);

}  // namespace ntkflow
