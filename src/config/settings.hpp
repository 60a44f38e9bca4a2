#pragma once

#include "ntkflow/config/ini_text.hpp"
#include "ntkflow/config/job_config.hpp"
#include "ntkflow/config/read_job.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

using Settings = std::vector<Setting>;

/// What somebody wrote: the keys of the job, and the lines of its [sweep], whose names begin with
/// "sweep.".
struct WrittenSettings {
  Settings job;
  Settings sweep;
};

/// Of a job file and of the command line, with absolute paths for the keys of the job.
/// Throw: ConfigError for malformed text, unknown keys, and a key that is set twice.
WrittenSettings settings_of_text(std::string_view text, const std::string& name);
WrittenSettings settings_of_overrides(std::span<const Override> overrides);

/// The folder that relative paths in the job file `name` belong to.
std::filesystem::path folder_of_job(const std::string& name);

/// A relative path in the value of a key that takes one becomes an absolute one.
void resolve_path(Setting& setting, const std::filesystem::path& folder);

/// Throws: ConfigError for an unknown key, and a key that is set twice in the list.
void check_keys(const Settings& settings);

/// Throws: ConfigError "job.ini:12: " and the problem.
[[noreturn]] void fail_at(const Setting& setting, const std::string& problem);

/// The job that settings describe, checked; those of `overrides` replace and switch off the file's
/// (read_job.hpp). `name` is the file's. Throws: ConfigError.
JobConfig job_of(const Settings& file, const Settings& overrides, const std::string& name);

}  // namespace ntkflow
