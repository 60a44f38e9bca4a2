#pragma once

#include "ntkflow/config/job_config.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ntkflow {

/// A key that the command line sets: --set section.key=value.
struct Override {
  std::string key;
  std::string value;
};

/// Throws: ConfigError for text without '='.
Override parse_override(std::string_view text);

/// The job that a text and the overrides describe, checked as far as no other file is needed. The
/// lines of [sweep] are left out: sweep.hpp reads them.
///
/// - An override replaces the file's value, which must be a good one all the same.
/// - A key that has no effect in the job is an error, except where an override switched it off: then
///   it is dropped. So --set flow.integrator=rkc works on a file that sets flow.step.
/// - A relative path in the text belongs to the folder of the file `name`, one in an override to the
///   current directory; the job holds absolute paths. `output` stays as it is written, relative to
///   the current directory; when not set it is the stem of `name` with .h5.
///
/// Throws: ConfigError, one line that begins with NAME:LINE, with the override, or with NAME where
///         something is missing.
JobConfig parse_job(std::string_view text, const std::string& name,
                    std::span<const Override> overrides = {});

/// The content of a job file, at most 1 MiB of it and a byte.
/// Throws: MissingInput; Error (exit 77) when it may not be read, (exit 74) when reading fails.
std::string read_job_text(const std::string& path);

}  // namespace ntkflow
