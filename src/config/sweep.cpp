#include "ntkflow/config/sweep.hpp"

#include "ntkflow/config/key_names.hpp"
#include "ntkflow/config/number_types.hpp"
#include "ntkflow/config/value_text.hpp"

#include "config/settings.hpp"

#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <iterator>
#include <set>

namespace ntkflow {
namespace {

constexpr std::size_t most_members = 10000;

// One line of [sweep]: keys that change together, and the tuples of values they go through.
struct Axis {
  std::vector<std::string> keys;
  std::vector<std::vector<std::string>> points;
  Setting line;
};

// "1..4" as "1", "2", "3", "4"; any other text as itself.
std::vector<std::string> expand(const std::string& text, const Setting& line) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) return {text};
  const auto first = parse_integer(text.substr(0, dots)),
             last = parse_integer(text.substr(dots + 2));
  if (!first || !last) return {text};
  if (*last < *first ||
      static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first) >= most_members)
    fail_at(line,
            fmt::format("{}, need FIRST..LAST of at most {} integers", shown(text), most_members));
  std::vector<std::string> values;
  for (long long value = *first; value <= *last; ++value) values.push_back(std::to_string(value));
  return values;
}

// The values of all keys at one point: as many as keys, or one for all of them.
std::vector<std::string> point_of(const std::string& text, const Axis& axis) {
  std::vector<std::string> values = axis.keys.size() == 1 ? std::vector{text} : split(text, '&');
  if (values.size() == 1) values.resize(axis.keys.size(), values.front());
  if (values.size() != axis.keys.size() || std::ranges::count(values, "") > 0)
    fail_at(axis.line, fmt::format("'{}', need a value, or one for each of {} joined by '&'",
                                   shown(text), fmt::join(axis.keys, ", ")));
  return values;
}

void check_axis(const Axis& axis) {
  for (const std::string& key : axis.keys) {
    if (find_key(key) == nullptr)
      fail_at(axis.line, fmt::format("unknown key '{}'{}; `ntkflow keys` lists them", shown(key),
                                     suggested_key(key)));
    if (key == "output" || key == "title")
      fail_at(axis.line, key + " cannot be swept: every member has a folder of its own");
  }
  if (axis.points.empty()) fail_at(axis.line, "need a list of values");
  const std::set<std::vector<std::string>> different(axis.points.begin(), axis.points.end());
  if (different.size() < axis.points.size()) fail_at(axis.line, "the same value is there twice");
}

Axis axis_of(const Setting& line) {
  Axis axis{split(line.key.substr(std::string_view("sweep.").size()), '&'), {}, line};
  const char separator = line.value.find(';') == std::string::npos ? ',' : ';';
  for (const std::string& field : split(line.value, separator))
    for (const std::string& text : expand(field, line)) axis.points.push_back(point_of(text, axis));
  check_axis(axis);
  return axis;
}

// Keys of a line, however they are spaced.
std::string keys_text_of(const Setting& line) {
  return fmt::format("{}", fmt::join(split(line.key, '&'), " & "));
}

// The lines in force: an override replaces the line with the same keys.
Settings lines_in_force(Settings lines, const Settings& overrides) {
  for (const Setting& line : overrides) {
    const auto same = std::ranges::find(lines, keys_text_of(line), keys_text_of);
    if (same == lines.end())
      lines.push_back(line);
    else
      *same = line;
  }
  return lines;
}

Index groups_of(const Setting& line) {
  try {
    return count(1 << 20).parse(line.value);
  } catch (const ConfigError& error) {
    fail_at(line, fmt::format("{} = {}, {}", line.key, shown(line.value), error.what()));
  }
}

// A value as part of a file name. Where characters had to go, a digest keeps names apart.
std::string file_name_of(const std::string& value) {
  constexpr std::size_t longest = 40;
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '+' ||
           c == '_';
  };
  if (value.size() <= longest && std::ranges::all_of(value, is_plain)) return value;
  std::string name = value.substr(0, longest);
  std::ranges::replace_if(name, std::not_fn(is_plain), '_');
  return name + "-" + digest(value).substr(0, 8);
}

// A member's settings beside the file's and the command line's, with absolute paths.
struct Choice {
  std::string name;
  std::vector<std::string> values;
  Settings settings;
};

// The product of the axes from number `first` on.
std::vector<Choice> product(std::span<const Axis> axes, const std::string& job_name) {
  if (axes.empty()) return {{}};
  const Axis& axis = axes.front();
  const std::vector<Choice> rest = product(axes.subspan(1), job_name);
  if (axis.points.size() * rest.size() > most_members)
    fail_at(axis.line, fmt::format("a sweep of more than {} members", most_members));
  std::vector<Choice> all;
  for (const std::vector<std::string>& point : axis.points)
    for (const Choice& others : rest) {
      Choice choice;
      for (std::size_t i = 0; i < point.size(); ++i) {
        choice.name += (i > 0 ? "," : "") + axis.keys[i] + "=" + file_name_of(point[i]);
        Setting setting{axis.keys[i], point[i], axis.line.where};
        const bool in_file = !axis.line.where.starts_with("--set ");
        resolve_path(setting, in_file ? folder_of_job(job_name) : std::filesystem::current_path());
        choice.settings.push_back(std::move(setting));
      }
      choice.name += (others.name.empty() ? "" : ",") + others.name;
      choice.values = point;
      choice.values.insert(choice.values.end(), others.values.begin(), others.values.end());
      std::ranges::copy(others.settings, std::back_inserter(choice.settings));
      all.push_back(std::move(choice));
    }
  return all;
}

SweepMember member_of(const Choice& choice, const Settings& file, const Settings& overrides,
                      const std::string& name) {
  Settings all = overrides;
  std::ranges::copy(choice.settings, std::back_inserter(all));
  check_keys(all);
  SweepMember member{choice.name, choice.values, job_of(file, all, name)};
  if (member.name.size() > 250)
    throw ConfigError(
        fmt::format("{}: the member {} has too long a name for a folder; sweep fewer "
                    "keys at a time",
                    name, shown(member.name)));
  return member;
}

std::string without_suffix(const std::string& output) {
  constexpr std::string_view suffix = ".h5";
  const bool has_suffix = output.size() > suffix.size() && output.ends_with(suffix);
  return has_suffix ? output.substr(0, output.size() - suffix.size()) : output;
}

Sweep sweep_of(const Settings& lines, const std::string& name) {
  Sweep sweep;
  sweep.text = "[sweep]\n";
  for (const Setting& line : lines) {
    sweep.text += fmt::format("{} = {}\n", keys_text_of(line).substr(6), line.value);
    if (line.key == "sweep.groups") sweep.groups = groups_of(line);
  }
  if (std::ranges::all_of(lines, [](const Setting& s) { return s.key == "sweep.groups"; }))
    throw ConfigError(name + ": [sweep] has groups only, need a key with a list of values");
  return sweep;
}

}  // namespace

std::optional<Sweep> parse_sweep(std::string_view text, const std::string& name,
                                 std::span<const Override> overrides) {
  const WrittenSettings file = settings_of_text(text, name);
  const WrittenSettings set = settings_of_overrides(overrides);
  const Settings lines = lines_in_force(file.sweep, set.sweep);
  if (lines.empty()) return std::nullopt;

  Sweep sweep = sweep_of(lines, name);
  std::vector<Axis> axes;
  for (const Setting& line : lines)
    if (line.key != "sweep.groups") axes.push_back(axis_of(line));
  for (const Axis& axis : axes) std::ranges::copy(axis.keys, std::back_inserter(sweep.keys));

  for (const Choice& choice : product(axes, name))
    sweep.members.push_back(member_of(choice, file.job, set.job, name));
  sweep.folder = without_suffix(sweep.members.front().config.output);
  for (SweepMember& member : sweep.members)
    member.config.output = fmt::format("{}/{}/run.h5", sweep.folder, member.name);
  return sweep;
}

std::string sweep_help() {
  return R"([sweep]
KEY = a list of values, first..last for integers; KEY & KEY = a list of values, or of A & B
    one job for each element of the product of the lines, keys in one line changing together; a
    list of values with commas of their own is separated by ';'; members are started in this order
groups = an integer >= 1; default 1
    how many members are computed side by side, each on its share of the ranks
)";
}

}  // namespace ntkflow
