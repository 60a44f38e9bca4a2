#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// What a random number is for; streams of different purposes are independent.
/// The values are part of the archive's promise that a seed fixes a run: never renumber them.
enum class RandomPurpose : std::uint32_t {
  training_points = 1,
  reference_points = 2,
  parameters = 3,
  eigenbasis = 4,
  permutation = 5,
  power_iteration = 6,
  label_noise = 30,
  test = 99,
};

/// Counter-based random numbers: number i of a stream is a pure function of (seed, purpose, i), so
/// that any rank makes any part of a sequence and the number of ranks does not matter.
/// Source: Salmon et al. 2011, Philox 4x32-10 (Random123).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, RandomPurpose purpose) : seed_(seed), purpose_(purpose) {}

  /// Uniform in the open interval (0, 1), 53 bits.
  double uniform(Index i) const;

  /// Standard normal, by Box and Muller from two 53-bit uniforms.
  double normal(Index i) const;

  /// 64 uniformly random bits.
  std::uint64_t bits(Index i) const;

 private:
  std::uint64_t seed_;
  RandomPurpose purpose_;
};

/// The first `count` entries of a random permutation of 0..n-1.
/// Every rank computes the same list. Cost O(n) memory and time.
IndexList random_choice(const RandomStream& stream, Index n, Index count);

}  // namespace ntkflow
