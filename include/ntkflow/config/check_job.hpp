#pragma once

#include "ntkflow/config/job_config.hpp"

namespace ntkflow {

/// Checks what single keys cannot show and no file is needed for: required keys, keys that must go
/// together, the architecture, and the snapshots' times where they do not depend on the spectrum.
/// Throws: KeyError for the first rule that is broken.
void check_job(const JobConfig& job);

}  // namespace ntkflow
