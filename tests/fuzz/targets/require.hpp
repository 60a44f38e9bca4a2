#pragma once

#include "ntkflow/base/error.hpp"
#include "ntkflow/config/value_text.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

/// Ends the process when `condition` is not so: the fuzzer then keeps the input.
#define REQUIRE(condition)                                                         \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                \
    }                                                                              \
  } while (false)

namespace ntkflow {

/// A refusal is one printable line that begins with what it is about.
inline void require_plain_refusal(const ConfigError& error, const std::string& about) {
  const std::string message = error.what();
  REQUIRE(printable(message) == message);
  REQUIRE(message.starts_with(about));
}

}  // namespace ntkflow
