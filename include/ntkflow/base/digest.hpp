#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ntkflow {

/// XXH3-128 of some bytes, as 32 hexadecimal digits.
std::string digest(std::string_view bytes);

/// XXH3-64 of some bytes.
std::uint64_t checksum(std::string_view bytes);

/// The bytes of a block of doubles.
inline std::string_view bytes_of(std::span<const double> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace ntkflow
