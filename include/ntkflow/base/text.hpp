#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// Removes white space at both ends.
std::string_view trim(std::string_view text);

/// Splits at a separator; fields are trimmed; an empty text has no fields.
std::vector<std::string> split(std::string_view text, char separator);

/// Whole text as a finite double or a 64-bit integer; nothing when anything is left over, or the
/// value is not finite or out of range. Independent of the locale.
std::optional<double> parse_double(std::string_view text);
std::optional<long long> parse_integer(std::string_view text);

/// The candidate with the smallest edit distance, when it is near enough to be a misspelling.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// " (did you mean 'x'?)" or nothing, to end an error message with.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace ntkflow
