#include "config/settings.hpp"

#include "ntkflow/config/check_job.hpp"
#include "ntkflow/config/key_error.hpp"
#include "ntkflow/config/key_names.hpp"
#include "ntkflow/config/value_text.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace ntkflow {
namespace {

bool has(const Settings& settings, const std::string& key) {
  return std::ranges::find(settings, key, &Setting::key) != settings.end();
}

void apply(const Setting& setting, JobConfig& job) {
  const Key& key = *find_key(setting.key);
  try {
    if (setting.value.empty()) throw ConfigError("need " + key.needed);
    check_value_text(setting.value);
    key.set(job, setting.value);
  } catch (const ConfigError& error) {
    fail_at(setting, fmt::format("{} = {}, {}", key.name, shown(setting.value), error.what()));
  }
}

JobConfig build(const Settings& settings) {
  JobConfig job;
  for (const Setting& setting : settings) apply(setting, job);
  return job;
}

// The settings in force: the file's where no override replaces them or switches them off.
Settings in_force(const Settings& file, const Settings& overrides) {
  const JobConfig file_alone = build(file);
  Settings all = overrides;
  std::ranges::copy_if(file, std::back_inserter(all),
                       [&](const Setting& s) { return !has(overrides, s.key); });
  const JobConfig job = build(all);

  Settings kept;
  for (const Setting& setting : all) {
    const Key& key = *find_key(setting.key);
    const bool switched_off = !has(overrides, key.name) && key.applies_to(file_alone);
    if (key.applies_to(job))
      kept.push_back(setting);
    else if (!switched_off)
      fail_at(setting, fmt::format("{} has no effect: it is used only when {}; remove it", key.name,
                                   key.condition->text));
  }
  return kept;
}

std::string place_of(const std::string& key, const Settings& settings, const std::string& name) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? name : found->where;
}

WrittenSettings sorted_out(Settings all, const std::filesystem::path& folder) {
  WrittenSettings written;
  for (Setting& setting : all)
    (setting.key.starts_with("sweep.") ? written.sweep : written.job).push_back(std::move(setting));
  check_keys(written.job);
  for (Setting& setting : written.job) resolve_path(setting, folder);
  return written;
}

}  // namespace

void fail_at(const Setting& setting, const std::string& problem) {
  throw ConfigError(setting.where + ": " + problem);
}

void check_keys(const Settings& settings) {
  std::map<std::string_view, const Setting*> seen;
  for (const Setting& setting : settings) {
    if (find_key(setting.key) == nullptr)
      fail_at(setting, fmt::format("unknown key '{}'{}; `ntkflow keys` lists them",
                                   shown(setting.key), suggested_key(setting.key)));
    const auto [first, is_new] = seen.try_emplace(setting.key, &setting);
    if (!is_new)
      fail_at(setting, fmt::format("{} is already set in {}", setting.key, first->second->where));
  }
}

void resolve_path(Setting& setting, const std::filesystem::path& folder) {
  if (!setting.value.empty() && setting.value.front() != '/' &&
      find_key(setting.key)->is_path(setting.value))
    setting.value = folder.string() + "/" + setting.value;
}

std::filesystem::path folder_of_job(const std::string& name) {
  return (std::filesystem::current_path() / name).parent_path();
}

WrittenSettings settings_of_text(std::string_view text, const std::string& name) {
  std::vector<std::string> sections = section_names();
  sections.emplace_back("sweep");
  return sorted_out(parse_ini(text, name, sections), folder_of_job(name));
}

WrittenSettings settings_of_overrides(std::span<const Override> overrides) {
  Settings settings;
  for (const auto& [key, value] : overrides)
    settings.push_back({key, value, fmt::format("--set {}", shown(key + "=" + value))});
  return sorted_out(std::move(settings), std::filesystem::current_path());
}

JobConfig job_of(const Settings& file, const Settings& overrides, const std::string& name) {
  Settings settings = in_force(file, overrides);
  if (!has(settings, "output"))
    settings.push_back({"output", std::filesystem::path(name).stem().string() + ".h5", name});
  const JobConfig job = build(settings);
  try {
    check_job(job);
  } catch (const KeyError& error) {
    throw ConfigError(place_of(error.key(), settings, name) + ": " + error.what());
  }
  return job;
}

}  // namespace ntkflow
