#include "ntkflow/config/number_types.hpp"

#include "ntkflow/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace ntkflow {
namespace {

constexpr std::size_t most_values = 1000;

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
    if (!value || !holds(*value)) refuse_value(needed);
    return *value;
  };
  return {needed, parse, print_number};
}

// `holds` sees the whole list.
template <typename T, typename Parse, typename Holds>
ValueType<std::vector<T>> list_that(std::string needed, Parse parse_one, Holds holds) {
  const auto parse = [needed, parse_one, holds](std::string_view text) {
    const std::vector<std::string> fields = split(text, ',');
    if (fields.size() > most_values) refuse_value(fmt::format("at most {} values", most_values));
    std::vector<T> values;
    for (const std::string& field : fields) {
      const auto value = parse_one(field);
      if (!value) refuse_value(needed);
      values.push_back(*value);
    }
    if (!holds(values)) refuse_value(needed);
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

}  // namespace

ValueType<Index> count(Index most) {
  const auto parse = [most](std::string_view text) -> Index {
    const auto value = parse_integer(text);
    if (!value || *value < 1) refuse_value("an integer >= 1");
    if (*value > most) refuse_value(fmt::format("an integer <= {}", most));
    return *value;
  };
  return {"an integer >= 1", parse, print_if_positive<Index>};
}

ValueType<std::uint64_t> seed_number() {
  const auto parse = [](std::string_view text) {
    const auto value = parse_integer(text);
    if (!value || *value < 0) refuse_value("an integer from 0 to 2^63 - 1");
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

ValueType<TimeSpec> flow_time() {
  static constexpr std::string_view needed = "a number > 0, or A/sigma[i] with A > 0 and i >= 1";
  const auto parse = [](std::string_view text) {
    constexpr std::string_view by_sigma = "/sigma[";
    const std::size_t slash = text.find(by_sigma);
    const std::optional<double> factor = parse_double(text.substr(0, slash));
    if (!factor || *factor <= 0) refuse_value(std::string(needed));
    if (slash == std::string_view::npos) return TimeSpec{*factor, 0};
    std::string_view rest = text.substr(slash + by_sigma.size());
    if (!rest.ends_with(']')) refuse_value(std::string(needed));
    rest.remove_suffix(1);
    const auto sigma = parse_integer(rest);
    if (!sigma || *sigma < 1 || *sigma > most_count) refuse_value(std::string(needed));
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

}  // namespace ntkflow
