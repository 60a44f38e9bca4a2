#pragma once

#include "ntkflow/archive/reader.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ntkflow {

using ResultNumbers = std::vector<std::pair<std::string, double>>;

/// The numbers that stand for a run in the table of its sweep, over its committed snapshots, in the
/// order of the archive's paths: NAME_final and NAME_max of every dataset with one value a snapshot,
/// and NAME_max, over t and k, of the bounds that have one for each k. NAME is x for /snapshot/x and
/// /integrator/x, and a_b for any other /a/b. What is not finite does not count; a number without
/// any finite value is NaN.
ResultNumbers result_numbers(const ArchiveReader& archive);

}  // namespace ntkflow
