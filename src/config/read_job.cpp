#include "ntkflow/config/read_job.hpp"

#include "ntkflow/config/ini_text.hpp"
#include "ntkflow/config/value_text.hpp"

#include "config/settings.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace ntkflow {

Override parse_override(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    throw ConfigError(fmt::format("--set {}: need section.key=value", shown(text)));
  return {std::string(trim(text.substr(0, equals))), std::string(trim(text.substr(equals + 1)))};
}

JobConfig parse_job(std::string_view text, const std::string& name,
                    std::span<const Override> overrides) {
  return job_of(settings_of_text(text, name).job, settings_of_overrides(overrides).job, name);
}

std::string read_job_text(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw MissingInput(fmt::format("{}: a folder, need a job file", path));
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  const std::string reason = std::strerror(errno);
  if (!file && errno == EACCES)
    throw Error(ExitCode::no_permission,
                fmt::format("{}: cannot be read: {}; change its permissions", path, reason));
  if (!file)
    throw MissingInput(fmt::format("{}: cannot be opened: {}; check the path", path, reason));
  // One byte more than parse_job takes, so that it sees that there is more.
  std::string text(most_job_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) throw Error(ExitCode::io_failed, fmt::format("{}: reading failed", path));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace ntkflow
