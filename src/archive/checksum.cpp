#include "ntkflow/archive/checksum.hpp"

#include <bit>

namespace ntkflow {
namespace {

constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;  // 2^64 / golden ratio

template <typename Number>
std::uint64_t sum(std::uint64_t key, Index offset, std::span<const Number> values) {
  std::uint64_t position = key + static_cast<std::uint64_t>(offset) * odd;
  std::uint64_t total = 0;
  for (const Number value : values) {
    total += mix(std::bit_cast<std::uint64_t>(value) ^ position);
    position += odd;
  }
  return total;
}

std::uint64_t marker_checksum(const CommitUnit& unit, const Marker& marker) {
  const std::uint64_t place = path_key(unit.marker) + static_cast<std::uint64_t>(unit.row) * odd;
  return mix(marker.checksum ^ mix(static_cast<std::uint64_t>(marker.index) ^ mix(place)));
}

}  // namespace

std::uint64_t sum_of_hashes(std::uint64_t key, Index offset, std::span<const double> values) {
  return sum(key, offset, values);
}

std::uint64_t sum_of_hashes(std::uint64_t key, Index offset, std::span<const Index> values) {
  return sum(key, offset, values);
}

std::array<Index, Marker::words> Marker::encode(const CommitUnit& unit) const {
  return {magic, index, std::bit_cast<Index>(checksum),
          std::bit_cast<Index>(marker_checksum(unit, *this))};
}

std::optional<Marker> Marker::decode(const CommitUnit& unit, std::span<const Index> words) {
  const Marker marker{words[1], std::bit_cast<std::uint64_t>(words[2])};
  const bool good =
      words[0] == magic && std::bit_cast<std::uint64_t>(words[3]) == marker_checksum(unit, marker);
  return good ? std::optional(marker) : std::nullopt;
}

}  // namespace ntkflow
