#pragma once

#include "ntkflow/config/key.hpp"

#include <vector>

namespace ntkflow {

/// Every key, in the order of the job file. This table is the reference: parsing, ranges, defaults,
/// help and the effective job come from it.
const std::vector<Key>& key_table();

}  // namespace ntkflow
