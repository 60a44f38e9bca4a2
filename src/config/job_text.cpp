#include "ntkflow/config/job_text.hpp"

#include "ntkflow/config/key_names.hpp"
#include "ntkflow/config/key_table.hpp"
#include "ntkflow/config/sweep.hpp"
#include "ntkflow/config/text_types.hpp"
#include "ntkflow/config/value_text.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace ntkflow {
namespace {

std::string comment(std::string_view what, const std::vector<std::string>& words) {
  return words.empty() ? "" : fmt::format("# {}: {}\n", what, fmt::join(words, ", "));
}

std::string effective_section(std::string_view section, const JobConfig& job) {
  std::string lines;
  std::vector<std::string> not_set, no_effect;
  for (const Key& key : key_table()) {
    if (section_of(key.name) != section) continue;
    const std::string word(word_of(key.name));
    const std::string value = key.text(job);
    if (!key.applies_to(job))
      no_effect.push_back(word);
    else if (value.empty())
      not_set.push_back(word);
    else
      lines += fmt::format("{} = {}\n", word, value);
  }
  return lines + comment("not set", not_set) + comment("without effect here", no_effect);
}

using Values = std::map<std::string, std::string, std::less<>>;

// The values of an identity text, by key.
Values values_of(std::string_view identity) {
  Values values;
  for (const std::string& line : split(identity, '\n')) {
    const std::size_t equals = std::min(line.find('='), line.size());
    const std::string_view rest = std::string_view(line).substr(equals);
    values.emplace(trim(line.substr(0, equals)),
                   trim(rest.substr(std::min<std::size_t>(1, rest.size()))));
  }
  return values;
}

std::string value_in(const Values& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? "not set" : found->second;
}

std::string explain(const Key& key) {
  std::string text = fmt::format("{} = {}", word_of(key.name), key.needed);
  const std::string standard = key.text(JobConfig());
  if (!standard.empty()) text += "; default " + standard;
  if (key.is_required) text += "; required";
  if (key.condition) text += "; only when " + key.condition->text;
  return fmt::format("{}\n    {}\n", text, key.meaning);
}

std::string explain_section(const std::string& section) {
  std::string text = section.empty() ? "" : fmt::format("[{}]\n", section);
  for (const Key& key : key_table())
    if (section_of(key.name) == section) text += explain(key);
  return text;
}

}  // namespace

std::string effective_text(const JobConfig& job) {
  std::string text = effective_section("", job);
  for (const std::string& section : section_names())
    text += fmt::format("\n[{}]\n{}", section, effective_section(section, job));
  return text;
}

std::string identity_text(const JobConfig& job) {
  std::string text;
  for (const Key& key : key_table()) {
    const std::string value = key.text(job);
    if (key.is_identity && key.applies_to(job) && !value.empty())
      text += fmt::format("{} = {}\n", key.name, value);
  }
  return text;
}

std::string describe_difference(std::string_view archive, std::string_view job) {
  constexpr std::size_t most_named = 3;
  const Values theirs = values_of(archive), ours = values_of(job);
  std::set<std::string> keys;
  for (const Values& values : {theirs, ours})
    for (const auto& [key, value] : values) keys.insert(key);
  std::vector<std::string> differences;
  for (const std::string& key : keys)
    if (value_in(theirs, key) != value_in(ours, key))
      differences.push_back(fmt::format("{} = {} in the archive, {} in the job", key,
                                        value_in(theirs, key), value_in(ours, key)));
  const std::size_t rest = differences.size() - std::min(differences.size(), most_named);
  differences.resize(differences.size() - rest);
  if (rest > 0) differences.push_back(fmt::format("and {} more", rest));
  return fmt::format("{}", fmt::join(differences, "; "));
}

std::string keys_text(const std::optional<std::string>& section) {
  std::vector<std::string> sections = section_names();
  if (section == "sweep") return sweep_help();
  if (section) {
    sections.emplace_back("sweep");
    if (std::ranges::find(sections, *section) == sections.end())
      throw ConfigError(fmt::format("unknown section '{}'{}, need {}", shown(*section),
                                    did_you_mean(shown(*section), sections),
                                    alternatives(sections)));
    return explain_section(*section);
  }
  std::string text =
      "# key = value, one a line, under its [section]; lists are separated by commas.\n"
      "# '#' begins a comment, in a value too.\n"
      "# A relative path belongs to the job file's folder; in --set, and for output, to the "
      "current\n"
      "# directory. A key that has no effect in a job is an error, unless --set switched it "
      "off.\n\n";
  text += explain_section("");
  for (const std::string& name : sections) text += fmt::format("\n{}", explain_section(name));
  return text + "\n" + sweep_help();
}

}  // namespace ntkflow
