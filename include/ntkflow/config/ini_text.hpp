#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// The largest job file.
inline constexpr std::size_t most_job_bytes = 1024 * 1024;

/// One `key = value` that the user wrote, and where.
struct Setting {
  std::string key;    ///< section.key, as --set writes it
  std::string value;  ///< trimmed, without the comment
  std::string where;  ///< job.ini:12, or --set section.key=value
};

/// The settings of an INI text, in its order; neither keys nor values are judged.
///
/// Lines are `[section]`, `key = value` or blank, and end with LF or CRLF; a byte order mark may
/// come first. '#' begins a comment wherever it stands, in a value too: no value can hold one.
/// `name` is the file's, for messages; `sections` are the known ones.
/// Throws: ConfigError with NAME:LINE for a malformed line, a control character, text that is not
/// UTF-8, an unknown section, a line of more than 64 KiB or a text of more than 1 MiB.
std::vector<Setting> parse_ini(std::string_view text, const std::string& name,
                               std::span<const std::string> sections);

}  // namespace ntkflow
