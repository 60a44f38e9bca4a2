#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/config/value_type.hpp"

namespace ntkflow {

/// analytic, initial, monte_carlo:DRAWS, or a matrix in a file.
ValueType<ReferenceKernel> reference_kernel();

}  // namespace ntkflow
