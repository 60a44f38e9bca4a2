#pragma once

#include "ntkflow/kernel/kernel.hpp"

#include <memory>
#include <vector>

namespace ntkflow {

/// The mean of some kernels, e.g. of the empirical kernels of independent draws of theta_0, which
/// tends to the kernel of their expectation as one over the square root of their number.
/// Memory: every kernel with its own features.
std::unique_ptr<Kernel> make_mean_kernel(std::vector<std::unique_ptr<Kernel>> kernels);

}  // namespace ntkflow
