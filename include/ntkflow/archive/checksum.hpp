#pragma once

#include "ntkflow/base/types.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ntkflow {

// The checksum of a commit unit is the sum modulo 2^64, over all its elements, of
//
//     mix(bits of the element XOR (key(path of its dataset) + offset of the element in it * odd))
//
// mix being splitmix64's finalizer, key FNV-1a, odd = 0x9e3779b97f4a7c15. A sum needs no order:
// ranks add up what they write, any other number of ranks (or one serial reader, or NumPy without
// any other library) finds the same number, and each writer compares its own part before the parts
// are added. mix is a bijection, so one wrong element always changes the sum; any other damage goes
// unseen with probability 2^-64.
// Source: Steele, Lea, Flood 2014 (splitmix64); Fowler, Noll, Vo (FNV-1a).

/// splitmix64's finalizer.
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

/// FNV-1a of a path.
constexpr std::uint64_t path_key(std::string_view path) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

/// Sum of the hashes of elements offset, offset + 1, ... of the dataset whose path has this key.
std::uint64_t sum_of_hashes(std::uint64_t key, Index offset, std::span<const double> values);
std::uint64_t sum_of_hashes(std::uint64_t key, Index offset, std::span<const Index> values);

/// What is committed together: row `row` of the marker dataset, which stands for that row of every
/// per-snapshot dataset (/_commit) or, row 0 of any other marker, for whole datasets.
struct CommitUnit {
  std::string marker;
  Index row = 0;
};

/// The 32 bytes that make a unit count: four integers {magic, index, checksum of the data, checksum
/// of the marker}. A torn or stray marker fails its own checksum and means "not committed".
struct Marker {
  Index index = 0;
  std::uint64_t checksum = 0;

  static constexpr Index words = 4;
  static constexpr Index magic = 0x31776f6c666b746e;  ///< the bytes "ntkflow1"

  std::array<Index, words> encode(const CommitUnit& unit) const;
  static std::optional<Marker> decode(const CommitUnit& unit, std::span<const Index> words);
};

}  // namespace ntkflow
