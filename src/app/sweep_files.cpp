#include "ntkflow/app/sweep_files.hpp"

#include "ntkflow/archive/index_file.hpp"
#include "ntkflow/base/build_info.hpp"
#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <type_traits>

namespace ntkflow {
namespace {

using Texts = std::vector<std::string>;

DatasetSpec column(const std::string& path, const std::string& dimension, const std::string& what,
                   const Texts& texts) {
  Index length = 1;
  for (const std::string& text : texts) length = std::max(length, count_of(text));
  return {.path = path,
          .shape = {count_of(texts)},
          .dimensions = {dimension},
          .units = "",
          .long_name = what,
          .type = ElementType::text,
          .text_length = length,
          .contents = texts};
}

DatasetSpec column(const std::string& path, const std::string& dimension, const std::string& what,
                   const std::vector<double>& values) {
  return {.path = path,
          .shape = {count_of(values)},
          .dimensions = {dimension},
          .long_name = what,
          .contents = values};
}

// Values of a key: numbers when all of them are, else the texts.
DatasetSpec key_column(const std::string& path, const std::string& dimension,
                       const std::string& key, const Texts& texts) {
  std::vector<double> values;
  for (const std::string& text : texts)
    if (const std::optional<double> value = parse_double(text)) values.push_back(*value);
  if (values.size() < texts.size()) return column(path, dimension, key, texts);
  return column(path, dimension, key, values);
}

template <typename Row, typename Value>
auto column_of(const std::vector<Row>& rows, Value value) {
  std::vector<std::decay_t<decltype(value(rows.front()))>> values;
  for (const Row& row : rows) values.push_back(value(row));
  return values;
}

void add_members(Schema& schema, const SweepTable& table) {
  const auto text = [&](const char* name, const char* what, auto value) {
    schema.add(column(fmt::format("/member/{}", name), "row", what, column_of(table.rows, value)));
  };
  text("name", "folder of the member", [](const MemberRow& row) { return row.name; });
  text("path", "archive, relative to this file's folder",
       [](const MemberRow& row) { return row.path(); });
  text("message", "why it failed", [](const MemberRow& row) { return row.message; });
  text("status", "how its last start ended", [](const MemberRow& row) { return row.status; });
  schema.add(
      {.path = "/member/exit_code",
       .shape = {count_of(table.rows)},
       .dimensions = {"row"},
       .long_name = "exit code of its last start",
       .type = ElementType::integer,
       .contents = column_of(table.rows, [](const MemberRow& row) { return row.exit_code; })});
  for (std::size_t i = 0; i < table.keys.size(); ++i)
    schema.add(key_column("/key/" + table.keys[i], "row", table.keys[i],
                          column_of(table.rows, [i](const MemberRow& r) { return r.values[i]; })));
  for (const std::string& name : table.number_names())
    schema.add(column("/result/" + name, "row", "result number " + name,
                      column_of(table.rows, [&](const MemberRow& r) { return r.number(name); })));
}

void add_summary(Schema& schema, const SweepSummary& summary) {
  schema.add(column(
      "/summary/quantile", "quantile", "probabilities of the quantiles over seeds",
      std::vector<double>(SweepSummary::probabilities.begin(), SweepSummary::probabilities.end())));
  schema.add(
      {.path = "/summary/members",
       .shape = {count_of(summary.rows)},
       .dimensions = {"group"},
       .long_name = "completed members",
       .type = ElementType::integer,
       .contents = column_of(summary.rows, [](const SummaryRow& row) { return row.members; })});
  for (std::size_t i = 0; i < summary.keys.size(); ++i)
    schema.add(
        key_column("/summary/key/" + summary.keys[i], "group", summary.keys[i],
                   column_of(summary.rows, [i](const SummaryRow& r) { return r.values[i]; })));
  for (std::size_t j = 0; j < summary.names.size(); ++j) {
    std::vector<double> values;
    for (const SummaryRow& row : summary.rows)
      values.insert(values.end(), row.numbers[j].begin(), row.numbers[j].end());
    schema.add({.path = "/summary/result/" + summary.names[j],
                .shape = {count_of(summary.rows), count_of(SweepSummary::probabilities)},
                .dimensions = {"group", "quantile"},
                .long_name = "quantiles over seeds of " + summary.names[j],
                .contents = values});
  }
}

void write_index(const std::string& folder, const SweepTable& table, const SweepSummary& summary) {
  Schema schema;
  schema.attributes = {{"format", std::string(index_format)},
                       {"format_version", std::string("1.0.0")},
                       {"software_version", std::string(software_version())},
                       {"git_commit", std::string(git_commit())},
                       {"created", utc_timestamp()}};
  add_members(schema, table);
  if (!summary.rows.empty()) add_summary(schema, summary);
  std::vector<FileLink> links;
  for (const MemberRow& row : table.rows) links.push_back({"/archive/" + row.name, row.path()});
  replace_index_file(folder + "/index.h5", schema, links);
}

void replace_text_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::binary);
  file << text;
  file.close();
  if (!file || std::rename(fresh.c_str(), path.c_str()) != 0)
    throw Error(ExitCode::io_failed, fmt::format("writing {} failed", path));
}

}  // namespace

void write_sweep_files(const std::string& folder, const SweepTable& table) {
  const SweepSummary summary = summarise(table);
  write_index(folder, table, summary);
  replace_text_file(folder + "/members.csv", csv_of(table));
  replace_text_file(folder + "/summary.csv", csv_of(summary));
}

}  // namespace ntkflow
