#include "ntkflow/app/sweep_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace ntkflow {
namespace {

constexpr std::array<const char*, 3> quantile_names = {"p10", "median", "p90"};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
using Texts = std::vector<std::string>;

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string field(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

std::string line_of(const Texts& fields) {
  return fmt::format("{}\n", fmt::join(fields, ","));
}

}  // namespace

std::vector<std::string> SweepTable::number_names() const {
  Texts names;
  for (const MemberRow& row : rows)
    for (const auto& [name, value] : row.numbers)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

double MemberRow::number(const std::string& wanted) const {
  for (const auto& [known, value] : numbers)
    if (known == wanted) return value;
  return nan;
}

double quantile(std::vector<double> values, double probability) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return nan;
  std::ranges::sort(values);
  const double position = probability * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], position - static_cast<double>(below));
}

namespace {

std::array<double, 3> quantiles(const std::vector<const MemberRow*>& members,
                                const std::string& name) {
  std::vector<double> values;
  for (const MemberRow* row : members) values.push_back(row->number(name));
  std::array<double, 3> result{};
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = quantile(values, SweepSummary::probabilities[i]);
  return result;
}

}  // namespace

SweepSummary summarise(const SweepTable& table) {
  SweepSummary summary{{}, table.number_names(), {}};
  std::vector<std::size_t> kept;  // keys but seed
  for (std::size_t i = 0; i < table.keys.size(); ++i)
    if (table.keys[i] != "seed") kept.push_back(i);
  for (const std::size_t i : kept) summary.keys.push_back(table.keys[i]);

  std::map<Texts, std::vector<const MemberRow*>> completed;
  for (const MemberRow& row : table.rows) {
    Texts values;
    for (const std::size_t i : kept) values.push_back(row.values[i]);
    const auto [group, is_new] = completed.try_emplace(values);
    if (is_new) summary.rows.push_back({values, 0, {}});
    if (row.status == "completed") group->second.push_back(&row);
  }
  for (SummaryRow& row : summary.rows) {
    const std::vector<const MemberRow*>& members = completed.at(row.values);
    row.members = count_of(members);
    for (const std::string& name : summary.names) row.numbers.push_back(quantiles(members, name));
  }
  return summary;
}

std::string csv_of(const SweepTable& table) {
  const Texts names = table.number_names();
  Texts head = {"member", "status", "exit_code", "message", "path"};
  head.insert(head.end(), table.keys.begin(), table.keys.end());
  head.insert(head.end(), names.begin(), names.end());
  std::string text = line_of(head);
  for (const MemberRow& row : table.rows) {
    Texts fields = {field(row.name), row.status, fmt::format("{}", row.exit_code),
                    field(row.message), field(row.path())};
    for (const std::string& value : row.values) fields.push_back(field(value));
    for (const std::string& name : names) fields.push_back(field(row.number(name)));
    text += line_of(fields);
  }
  return text;
}

std::string csv_of(const SweepSummary& summary) {
  Texts head = summary.keys;
  head.emplace_back("members");
  for (const std::string& name : summary.names)
    for (const char* which : quantile_names) head.push_back(name + "_" + which);
  std::string text = line_of(head);
  for (const SummaryRow& row : summary.rows) {
    Texts fields;
    for (const std::string& value : row.values) fields.push_back(field(value));
    fields.push_back(fmt::format("{}", row.members));
    for (const auto& three : row.numbers)
      for (const double value : three) fields.push_back(field(value));
    text += line_of(fields);
  }
  return text;
}

}  // namespace ntkflow
