#pragma once

#include "ntkflow/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ntkflow {

/// One layer or the readout as a job file writes it, `type:word:word:key=value:...`, as words; every
/// error quotes the piece.
class Piece {
 public:
  explicit Piece(std::string_view text) : text_(text), words_(split(text, ':')) {}

  /// Throws: ConfigError, the piece and what is wrong with it.
  [[noreturn]] void fail(const std::string& problem) const;

  /// Takes the next word, when there is one that is no option key=value.
  std::optional<std::string> next_word();

  /// Whether nothing is left.
  bool is_empty() const { return taken_ == words_.size(); }

  /// The value that a word stands for. Throws: ConfigError with the nearest word and all others.
  template <typename Value>
  Value choose(const std::string& key, const std::string& word,
               const std::vector<std::pair<std::string, Value>>& choices) const;

  /// Throws: ConfigError.
  double number(const std::string& key, const std::string& word) const;

  /// Calls set(key, value) for each option behind the words that were taken; set returns whether it
  /// knows the key. A word behind `key=value` without '=' belongs to the value, as in
  /// activation=leaky_relu:0.1.
  /// Throws: ConfigError for a word out of place, a key that is unknown or set twice.
  using Set = std::function<bool(const std::string& key, const std::string& value)>;
  void read_options(const std::vector<std::string>& allowed, const Set& set);

 private:
  std::string text_;
  std::vector<std::string> words_;
  std::size_t taken_ = 0;
};

template <typename Value>
Value Piece::choose(const std::string& key, const std::string& word,
                    const std::vector<std::pair<std::string, Value>>& choices) const {
  std::vector<std::string> allowed;
  for (const auto& [name, value] : choices) {
    if (name == word) return value;
    allowed.push_back(name);
  }
  fail(fmt::format("{} = '{}'{}; allowed: {}", key, word, did_you_mean(word, allowed),
                   fmt::join(allowed, ", ")));
}

}  // namespace ntkflow
