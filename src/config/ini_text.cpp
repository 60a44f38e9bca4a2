#include "ntkflow/config/ini_text.hpp"

#include "ntkflow/config/value_text.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"
#include "ntkflow/base/types.hpp"

#include <boost/program_options/parsers.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace ntkflow {
namespace {

constexpr std::size_t most_line_bytes = 64 * 1024;

void check_bytes(std::string_view line) {
  if (line.size() > most_line_bytes)
    throw ConfigError(
        fmt::format("a line of {} bytes, need at most {}", line.size(), most_line_bytes));
  if (printable(line) != line)
    throw ConfigError(fmt::format("'{}', need UTF-8 text without control characters", shown(line)));
}

void check_section(std::string_view line, std::span<const std::string> sections) {
  if (!line.ends_with(']'))
    throw ConfigError(fmt::format("'{}', need ']' at the end of a section's name", shown(line)));
  const std::string_view name = line.substr(1, line.size() - 2);
  if (std::ranges::find(sections, name) == sections.end())
    throw ConfigError(fmt::format("unknown section '{}'{}", shown(line),
                                  did_you_mean(name.substr(0, 60), sections)));
}

enum class LineKind { blank, section, setting };

LineKind check_line(std::string_view line, std::span<const std::string> sections) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  check_bytes(line);
  line = trim(line.substr(0, line.find('#')));
  if (line.empty()) return LineKind::blank;
  if (line.front() == '[') {
    check_section(line, sections);
    return LineKind::section;
  }
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0)
    throw ConfigError(fmt::format("'{}', need key = value or [section]", shown(line)));
  return LineKind::setting;
}

// The places of the settings. Boost reads the same lines, but neither counts nor checks them.
std::vector<std::string> places_of_settings(std::string_view text, const std::string& name,
                                            std::span<const std::string> sections) {
  std::vector<std::string> places;
  for (Index number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string place = fmt::format("{}:{}", name, number);
    try {
      if (check_line(text.substr(0, end), sections) == LineKind::setting) places.push_back(place);
    } catch (const ConfigError& error) {
      throw ConfigError(place + ": " + error.what());
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return places;
}

}  // namespace

std::vector<Setting> parse_ini(std::string_view text, const std::string& name,
                               std::span<const std::string> sections) {
  if (text.size() > most_job_bytes)
    throw ConfigError(
        fmt::format("{}: more than {} bytes, too large for a job file", name, most_job_bytes));
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::vector<std::string> places = places_of_settings(text, name, sections);

  namespace options = boost::program_options;
  std::istringstream stream{std::string(text)};
  const auto parsed = options::parse_config_file(stream, options::options_description(), true);
  NTKFLOW_EXPECTS(parsed.options.size() == places.size());
  std::vector<Setting> settings;
  for (std::size_t i = 0; i < places.size(); ++i)
    settings.push_back({parsed.options[i].string_key, parsed.options[i].value.at(0), places[i]});
  return settings;
}

}  // namespace ntkflow
