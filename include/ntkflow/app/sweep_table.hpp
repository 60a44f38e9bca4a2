#pragma once

#include "ntkflow/app/result_numbers.hpp"
#include "ntkflow/base/types.hpp"

#include <array>
#include <string>
#include <vector>

namespace ntkflow {

/// A member of a sweep in its table.
struct MemberRow {
  std::string name;                 ///< its folder
  std::vector<std::string> values;  ///< of the sweep's keys, as written
  std::string status;  ///< completed, stopped, failed, unfinished, or waiting: there is nothing yet
  Index exit_code = 0;
  std::string message;  ///< of a failed one: why
  ResultNumbers numbers;

  std::string path() const { return name + "/run.h5"; }  ///< of its archive, in the sweep's folder
  double number(const std::string& wanted) const;        ///< NaN when it has none of that name
};

struct SweepTable {
  std::vector<std::string> keys;
  std::vector<MemberRow> rows;

  /// Every number that some member has.
  std::vector<std::string> number_names() const;
};

/// Completed members that differ in the seed only.
struct SummaryRow {
  std::vector<std::string> values;             ///< of the keys but seed
  Index members = 0;                           ///< completed ones
  std::vector<std::array<double, 3>> numbers;  ///< their quantiles; NaN: no value
};

struct SweepSummary {
  static constexpr std::array<double, 3> probabilities = {0.1, 0.5, 0.9};

  std::vector<std::string> keys;   ///< but seed
  std::vector<std::string> names;  ///< of the numbers
  std::vector<SummaryRow> rows;    ///< in the order in which their first members come
};

SweepSummary summarise(const SweepTable& table);

/// Of the finite ones of some values, interpolated linearly between neighbours as NumPy does; NaN
/// when there are none.
double quantile(std::vector<double> values, double probability);

/// Comma-separated values (RFC 4180) with a line of names; a number that is NaN is empty.
std::string csv_of(const SweepTable& table);
std::string csv_of(const SweepSummary& summary);

}  // namespace ntkflow
