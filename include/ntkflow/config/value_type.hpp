#pragma once

#include "ntkflow/base/error.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace ntkflow {

/// How values of one kind are read from and written to text. print(parse(text)) parses to the same
/// value, bit for bit.
template <typename T>
struct ValueType {
  std::string needed;                          ///< "an integer >= 1": how messages and help name it
  std::function<T(std::string_view)> parse;    ///< Throws: ConfigError("need an integer >= 1")
  std::function<std::string(const T&)> print;  ///< empty for the value that means "not set"

  /// Whether a value is a path, relative to the folder of where it was written.
  std::function<bool(std::string_view)> is_path = [](std::string_view) { return false; };
};

/// Throws: ConfigError("need ..."), always.
[[noreturn]] inline void refuse_value(const std::string& needed) {
  throw ConfigError("need " + needed);
}

}  // namespace ntkflow
