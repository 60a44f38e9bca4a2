#pragma once

#include <string>
#include <string_view>

namespace ntkflow {

/// The text with every control character but the tab, and every byte that is not UTF-8, replaced by
/// '?': safe on a terminal and in HDF5. A text that equals its printable form is one clean line.
std::string printable(std::string_view text);

/// A user's text as one short printable line, for messages.
std::string shown(std::string_view text);

/// What any value must be for a job file to hold it: one line of UTF-8 without control characters,
/// blanks at its ends, or '#' (which begins a comment); at most 32 KiB.
/// Throws: ConfigError("need ...").
void check_value_text(std::string_view text);

}  // namespace ntkflow
