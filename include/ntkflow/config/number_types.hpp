#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/config/value_type.hpp"

#include <limits>
#include <vector>

namespace ntkflow {

/// ScaLAPACK's int holds this, and 64 bits hold the product of any two.
inline constexpr Index most_count = std::numeric_limits<int>::max();

/// 1 to `most`.
ValueType<Index> count(Index most = most_count);
ValueType<std::uint64_t> seed_number();
ValueType<double> positive_number();
ValueType<double> number_from_zero();
ValueType<TimeSpec> flow_time();

/// Lists of at most 1,000 values.
ValueType<std::vector<Index>> integers(IndexRange allowed);
ValueType<std::vector<double>> numbers();
ValueType<std::vector<double>> positive_numbers();
ValueType<std::vector<double>> increasing_numbers();
ValueType<std::vector<double>> increasing_times();

}  // namespace ntkflow
