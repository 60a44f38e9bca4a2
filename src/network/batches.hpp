#pragma once

#include "network/linear_map.hpp"

#include <numbers>
#include <span>

namespace ntkflow {

/// Calls work(block) for blocks of nearly equal size, at most `largest`, that cover the batch.
template <typename Work>
void for_each_block(Index batch, Index largest, Work&& work) {
  const Index blocks = (batch + largest - 1) / largest;
  for (Index b = 0; b < blocks; ++b) work(IndexRange{batch * b / blocks, batch * (b + 1) / blocks});
}

/// The samples of a block.
inline Samples samples(const Matrix& x, IndexRange block) {
  return {x.data() + block.first * x.rows(), x.rows(), block.count()};
}

/// The part of theta, of a direction or of a gradient that belongs to half h.
template <typename Number>
std::span<Number> half_of(std::span<Number> whole, std::size_t h, Index half_count) {
  const auto count = static_cast<std::size_t>(half_count);
  return whole.subspan(h * count, count);
}

/// f from what the halves give: f1, or (f1 - f2)/sqrt(2), which is exactly 0 for equal halves.
template <typename HalfValue>
Vector combine(std::size_t halves, HalfValue&& half_value) {
  Vector f = half_value(0);
  if (halves == 2) f = (f - half_value(1)) / std::numbers::sqrt2;
  return f;
}

/// What half h receives of a cotangent of f.
inline Vector half_cotangent(std::size_t halves, std::size_t h, const Vector& cotangent) {
  if (halves == 1) return cotangent;
  return (h == 0 ? 1.0 : -1.0) / std::numbers::sqrt2 * cotangent;
}

}  // namespace ntkflow
