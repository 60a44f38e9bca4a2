#pragma once

#include "ntkflow/config/job_config.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ntkflow {

/// How values of one kind are read from and written to text. print(parse(text)) parses to the same
/// value, bit for bit.
template <typename T>
struct ValueType {
  std::string needed;                          ///< "an integer >= 1": how messages and help name it
  std::function<T(std::string_view)> parse;    ///< Throws: ConfigError("need an integer >= 1")
  std::function<std::string(const T&)> print;  ///< empty for the value that means "not set"
  bool is_path = false;                        ///< relative to the folder of where it was written
};

/// ScaLAPACK's int holds this, and 64 bits hold the product of any two.
inline constexpr Index most_count = std::numeric_limits<int>::max();

/// 1 to `most`.
ValueType<Index> count(Index most = most_count);
ValueType<std::uint64_t> seed_number();
ValueType<double> positive_number();
ValueType<double> number_from_zero();
ValueType<bool> yes_no();
ValueType<TimeSpec> flow_time();

/// Lists of at most 1,000 values.
ValueType<std::vector<Index>> integers(IndexRange allowed);
ValueType<std::vector<double>> numbers();
ValueType<std::vector<double>> positive_numbers();
ValueType<std::vector<double>> increasing_numbers();
ValueType<std::vector<double>> increasing_times();

ValueType<std::string> line_of_text();
ValueType<std::string> layer_list();
ValueType<std::string> readout_text();
ValueType<std::string> output_file();
ValueType<std::string> input_folder();
ValueType<DatasetPath> dataset_path();
ValueType<std::string> one_of_names(std::vector<std::string> names);

/// "circle, dataset or points"
std::string alternatives(std::span<const std::string> names);

/// A word for each value of an enumeration.
template <typename Enum>
ValueType<Enum> one_of(std::vector<std::pair<std::string, Enum>> words) {
  std::vector<std::string> names;
  for (const auto& word : words) names.push_back(word.first);
  const ValueType<std::string> name = one_of_names(names);
  const auto parse = [words, names, name](std::string_view text) {
    const std::string wanted = name.parse(text);
    return words[static_cast<std::size_t>(std::ranges::find(names, wanted) - names.begin())].second;
  };
  const auto print = [words](const Enum& wanted) {
    return std::ranges::find(words, wanted, &std::pair<std::string, Enum>::second)->first;
  };
  return {name.needed, parse, print};
}

/// A user's text as one short printable line, for messages.
std::string shown(std::string_view text);

/// What any value must be for a job file to hold it: one line of UTF-8 without control characters
/// and without '#' (which begins a comment), at most 32 KiB.
/// Throws: ConfigError("need ...").
void check_value_text(std::string_view text);

}  // namespace ntkflow
