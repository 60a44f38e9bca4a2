#include "ntkflow/config/value_text.hpp"

#include "ntkflow/config/value_type.hpp"

#include "ntkflow/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace ntkflow {
namespace {

// Bytes of the printable character that the text begins with; 0 when there is none.
// Source: RFC 3629: no overlong forms, no surrogates, at most U+10FFFF.
std::size_t printable_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return (lead >= 0x20 && lead != 0x7f) || lead == '\t' ? 1 : 0;
  const auto length = static_cast<std::size_t>(std::countl_one(lead));
  if (length < 2 || length > 4 || text.size() < length) return 0;
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) return 0;
    code = code << 6 | (byte & 0x3fU);
  }
  constexpr std::uint32_t least[] = {0xa0, 0x800, 0x10000};  // U+0080 to U+009F are controls
  const bool surrogate = 0xd800 <= code && code <= 0xdfff;
  return code >= least[length - 2] && code <= 0x10ffff && !surrogate ? length : 0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = printable_length(text);
    clean += length > 0 ? text.substr(0, length) : "?";
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

std::string shown(std::string_view text) {
  constexpr std::size_t most_shown = 100;
  if (text.empty()) return "(nothing)";
  std::string line = printable(text.substr(0, most_shown));
  return text.size() > most_shown ? line + "..." : line;
}

void check_value_text(std::string_view text) {
  constexpr std::size_t most_value_bytes = 32 * 1024;
  if (text.size() > most_value_bytes)
    refuse_value(fmt::format("at most {} bytes", most_value_bytes));
  if (trim(text) != text) refuse_value("a value without blanks at its ends");
  if (text.find('#') != std::string_view::npos)
    refuse_value("a value without '#', which begins a comment");
  if (printable(text) != text) refuse_value("one line of UTF-8 text without control characters");
}

}  // namespace ntkflow
