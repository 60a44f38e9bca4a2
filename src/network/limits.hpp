#pragma once

#include "ntkflow/base/types.hpp"

#include <limits>
#include <string>

namespace ntkflow {

/// Sides of matrices go into BLAS's int.
constexpr Index largest_extent = std::numeric_limits<int>::max();

/// Throws: ConfigError that names the quantity unless it is 1 to largest_extent.
void check_extent(Index extent, const std::string& what);

}  // namespace ntkflow
