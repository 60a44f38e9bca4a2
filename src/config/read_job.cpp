#include "ntkflow/config/read_job.hpp"

#include "ntkflow/config/check_job.hpp"
#include "ntkflow/config/ini_text.hpp"
#include "ntkflow/config/key_error.hpp"
#include "ntkflow/config/key_names.hpp"
#include "ntkflow/config/value_text.hpp"

#include "ntkflow/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

namespace ntkflow {
namespace {

using Settings = std::vector<Setting>;

[[noreturn]] void fail(const Setting& setting, const std::string& problem) {
  throw ConfigError(setting.where + ": " + problem);
}

// The same key in both is the point of an override; twice in one of them is a mistake.
void check_keys(const Settings& settings) {
  std::map<std::string_view, const Setting*> seen;
  for (const Setting& setting : settings) {
    if (find_key(setting.key) == nullptr)
      fail(setting, fmt::format("unknown key '{}'{}; `ntkflow keys` lists them", shown(setting.key),
                                suggested_key(setting.key)));
    const auto [first, is_new] = seen.try_emplace(setting.key, &setting);
    if (!is_new)
      fail(setting, fmt::format("{} is already set in {}", setting.key, first->second->where));
  }
}

// Relative paths become absolute ones.
void resolve_paths(Settings& settings, const std::filesystem::path& folder) {
  for (Setting& setting : settings)
    if (!setting.value.empty() && setting.value.front() != '/' &&
        find_key(setting.key)->is_path(setting.value))
      setting.value = folder.string() + "/" + setting.value;
}

Settings settings_of_text(std::string_view text, const std::string& name) {
  Settings settings = parse_ini(text, name, section_names());
  check_keys(settings);
  resolve_paths(settings, (std::filesystem::current_path() / name).parent_path());
  return settings;
}

Settings settings_of_overrides(std::span<const Override> overrides) {
  Settings settings;
  for (const auto& [key, value] : overrides)
    settings.push_back({key, value, fmt::format("--set {}", shown(key + "=" + value))});
  check_keys(settings);
  resolve_paths(settings, std::filesystem::current_path());
  return settings;
}

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
    fail(setting, fmt::format("{} = {}, {}", key.name, shown(setting.value), error.what()));
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
      fail(setting, fmt::format("{} has no effect: it is used only when {}; remove it", key.name,
                                key.condition->text));
  }
  return kept;
}

std::string place_of(const std::string& key, const Settings& settings, const std::string& name) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? name : found->where;
}

}  // namespace

Override parse_override(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    throw ConfigError(fmt::format("--set {}: need section.key=value", shown(text)));
  return {std::string(trim(text.substr(0, equals))), std::string(trim(text.substr(equals + 1)))};
}

JobConfig parse_job(std::string_view text, const std::string& name,
                    std::span<const Override> overrides) {
  Settings settings = in_force(settings_of_text(text, name), settings_of_overrides(overrides));
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

std::string read_job_text(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw MissingInput(fmt::format("{}: a folder, need a job file", path));
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  const std::string reason = std::strerror(errno);
  if (!file && errno == EACCES)
    throw Error(ExitCode::no_permission, fmt::format("{}: cannot be read: {}", path, reason));
  if (!file) throw MissingInput(fmt::format("{}: cannot be opened: {}", path, reason));
  // One byte more than parse_job takes, so that it sees that there is more.
  std::string text(most_job_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) throw Error(ExitCode::io_failed, fmt::format("{}: reading failed", path));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

JobConfig read_job(const std::string& path, std::span<const Override> overrides) {
  return parse_job(read_job_text(path), path, overrides);
}

}  // namespace ntkflow
