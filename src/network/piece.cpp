#include "network/piece.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

bool is_option(const std::string& word) {
  return word.find('=') != std::string::npos;
}

}  // namespace

void Piece::fail(const std::string& problem) const {
  throw ConfigError(fmt::format("'{}': {}", text_, problem));
}

std::optional<std::string> Piece::next_word() {
  if (taken_ == words_.size() || is_option(words_[taken_])) return std::nullopt;
  return words_[taken_++];
}

double Piece::number(const std::string& key, const std::string& word) const {
  const auto value = parse_double(word);
  if (!value) fail(fmt::format("{} = '{}' is not a number", key, word));
  return *value;
}

void Piece::read_options(const std::vector<std::string>& allowed, const Set& set) {
  if (const auto word = next_word())
    fail(fmt::format("'{}' is no option of the form key=value; allowed keys: {}", *word,
                     fmt::join(allowed, ", ")));
  std::vector<std::string> seen;
  while (taken_ < words_.size()) {
    const std::string option = words_[taken_++];
    const auto equals = option.find('=');
    const std::string key(trim(std::string_view(option).substr(0, equals)));
    std::string value(trim(std::string_view(option).substr(equals + 1)));
    while (const auto word = next_word()) value += ":" + *word;
    if (std::ranges::find(seen, key) != seen.end()) fail(fmt::format("'{}' is set twice", key));
    seen.push_back(key);
    if (!set(key, value))
      fail(fmt::format("unknown option '{}'{}; allowed: {}", key, did_you_mean(key, allowed),
                       fmt::join(allowed, ", ")));
  }
}

}  // namespace ntkflow
