#include "ntkflow/config/value_types.hpp"

#include "ntkflow/base/text.hpp"
#include "ntkflow/config/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <optional>

namespace ntkflow {
namespace {

constexpr std::size_t most_values = 1000;
constexpr std::size_t most_value_bytes = 32 * 1024;
constexpr std::size_t most_path_bytes = 4096;

[[noreturn]] void fail(const std::string& needed) {
  throw ConfigError("need " + needed);
}

std::string print_number(const double& value) {
  return fmt::format("{}", value);
}

// Zero is "not set" where zero is not allowed.
template <typename Number>
std::string print_if_positive(const Number& value) {
  return value > 0 ? fmt::format("{}", value) : std::string();
}

template <typename Holds>
ValueType<double> number_that(std::string needed, Holds holds) {
  const auto parse = [needed, holds](std::string_view text) {
    const std::optional<double> value = parse_double(text);
    if (!value || !holds(*value)) fail(needed);
    return *value;
  };
  return {needed, parse, print_number};
}

// `holds` sees the whole list.
template <typename T, typename Parse, typename Holds>
ValueType<std::vector<T>> list_that(std::string needed, Parse parse_one, Holds holds) {
  const auto parse = [needed, parse_one, holds](std::string_view text) {
    const std::vector<std::string> fields = split(text, ',');
    if (fields.size() > most_values) fail(fmt::format("at most {} values", most_values));
    std::vector<T> values;
    for (const std::string& field : fields) {
      const auto value = parse_one(field);
      if (!value) fail(needed);
      values.push_back(*value);
    }
    if (!holds(values)) fail(needed);
    return values;
  };
  const auto print = [](const std::vector<T>& values) {
    return fmt::format("{}", fmt::join(values, ", "));
  };
  return {needed, parse, print};
}

bool is_positive(double value) {
  return value > 0;
}
bool is_increasing(const std::vector<double>& values) {
  return std::ranges::adjacent_find(values, std::greater_equal<>()) == values.end();
}

std::string normal_path(std::string_view text) {
  std::string path = std::filesystem::path(text).lexically_normal().string();
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  if (path.size() > most_path_bytes)
    fail(fmt::format("a path of at most {} bytes", most_path_bytes));
  return path;
}

}  // namespace

ValueType<Index> count(Index most) {
  const auto parse = [most](std::string_view text) -> Index {
    const auto value = parse_integer(text);
    if (!value || *value < 1) fail("an integer >= 1");
    if (*value > most) fail(fmt::format("an integer <= {}", most));
    return *value;
  };
  return {"an integer >= 1", parse, print_if_positive<Index>};
}

ValueType<std::uint64_t> seed_number() {
  const auto parse = [](std::string_view text) {
    const auto value = parse_integer(text);
    if (!value || *value < 0) fail("an integer from 0 to 2^63 - 1");
    return static_cast<std::uint64_t>(*value);
  };
  return {"an integer from 0 to 2^63 - 1", parse,
          [](const std::uint64_t& value) { return fmt::format("{}", value); }};
}

ValueType<double> positive_number() {
  ValueType<double> type = number_that("a number > 0", is_positive);
  type.print = print_if_positive<double>;
  return type;
}

ValueType<double> number_from_zero() {
  return number_that("a number >= 0", [](double value) { return value >= 0; });
}

ValueType<bool> yes_no() {
  return one_of<bool>({{"yes", true}, {"no", false}});
}

ValueType<TimeSpec> flow_time() {
  static constexpr std::string_view needed = "a number > 0, or A/sigma[i] with A > 0 and i >= 1";
  const auto parse = [](std::string_view text) {
    constexpr std::string_view by_sigma = "/sigma[";
    const std::size_t slash = text.find(by_sigma);
    const std::optional<double> factor = parse_double(text.substr(0, slash));
    if (!factor || *factor <= 0) fail(std::string(needed));
    if (slash == std::string_view::npos) return TimeSpec{*factor, 0};
    std::string_view rest = text.substr(slash + by_sigma.size());
    if (!rest.ends_with(']')) fail(std::string(needed));
    rest.remove_suffix(1);
    const auto sigma = parse_integer(rest);
    if (!sigma || *sigma < 1 || *sigma > most_count) fail(std::string(needed));
    return TimeSpec{*factor, *sigma};
  };
  const auto print = [](const TimeSpec& time) {
    return time.sigma == 0 ? print_number(time.factor)
                           : fmt::format("{}/sigma[{}]", time.factor, time.sigma);
  };
  return {std::string(needed), parse, print};
}

ValueType<std::vector<Index>> integers(IndexRange allowed) {
  const std::string needed =
      fmt::format("comma-separated integers from {} to {}", allowed.first, allowed.last - 1);
  return list_that<Index>(needed, parse_integer, [allowed](const std::vector<Index>& values) {
    return std::ranges::all_of(values, [&](Index value) { return allowed.contains(value); });
  });
}

ValueType<std::vector<double>> numbers() {
  return list_that<double>("comma-separated numbers", parse_double,
                           [](const auto&) { return true; });
}

ValueType<std::vector<double>> positive_numbers() {
  return list_that<double>("comma-separated numbers > 0", parse_double, [](const auto& values) {
    return std::ranges::all_of(values, is_positive);
  });
}

ValueType<std::vector<double>> increasing_numbers() {
  return list_that<double>("comma-separated increasing numbers", parse_double, is_increasing);
}

ValueType<std::vector<double>> increasing_times() {
  return list_that<double>("comma-separated increasing numbers >= 0, the last > 0", parse_double,
                           [](const std::vector<double>& times) {
                             return is_increasing(times) && times.front() >= 0 && times.back() > 0;
                           });
}

ValueType<std::string> line_of_text() {
  return {"text", [](std::string_view text) { return std::string(text); },
          [](const std::string& text) { return text; }};
}

ValueType<std::string> layer_list() {
  ValueType<std::string> type = line_of_text();
  type.needed = "comma-separated layers such as fc:W or fc:64:activation=erf";
  type.parse = [](std::string_view text) {
    return fmt::format("{}", fmt::join(split(text, ','), ", "));
  };
  return type;
}

ValueType<std::string> readout_text() {
  ValueType<std::string> type = line_of_text();
  type.needed = "a readout such as dense or dense:init=signs";
  return type;
}

ValueType<std::string> output_file() {
  ValueType<std::string> type = line_of_text();
  type.needed = "a file name";
  type.parse = [](std::string_view text) {
    if (text.ends_with('/') || text.size() > most_path_bytes) fail("a file name");
    return std::string(text);
  };
  return type;
}

ValueType<std::string> input_folder() {
  ValueType<std::string> type = line_of_text();
  type.needed = "a folder";
  type.parse = normal_path;
  type.is_path = true;
  return type;
}

ValueType<DatasetPath> dataset_path() {
  static constexpr std::string_view needed = "FILE:/PATH, a dataset inside an HDF5 file";
  const auto parse = [](std::string_view text) {
    const std::size_t colon = text.rfind(":/");
    const bool has_file = colon != std::string_view::npos && colon > 0 && text[colon - 1] != '/';
    if (!has_file || colon + 2 == text.size()) fail(std::string(needed));
    return DatasetPath{normal_path(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  };
  const auto print = [](const DatasetPath& dataset) {
    return dataset.given() ? dataset.file + ":" + dataset.path : std::string();
  };
  return {std::string(needed), parse, print, true};
}

ValueType<std::string> one_of_names(std::vector<std::string> names) {
  ValueType<std::string> type = line_of_text();
  type.needed = alternatives(names);
  type.parse = [names, needed = type.needed](std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) fail(needed + did_you_mean(text, names));
    return *found;
  };
  return type;
}

std::string alternatives(std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::string shown(std::string_view text) {
  constexpr std::size_t most_shown = 100;
  if (text.empty()) return "(nothing)";
  std::string line = printable(text.substr(0, most_shown));
  return text.size() > most_shown ? line + "..." : line;
}

void check_value_text(std::string_view text) {
  if (text.size() > most_value_bytes) fail(fmt::format("at most {} bytes", most_value_bytes));
  if (text.find('#') != std::string_view::npos) fail("a value without '#', which begins a comment");
  if (printable(text) != text) fail("one line of UTF-8 text without control characters");
}

}  // namespace ntkflow
