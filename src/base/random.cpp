#include "ntkflow/base/random.hpp"

#include "ntkflow/base/error.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

// No fused multiply-adds, so that the digits do not depend on the processor.
#pragma GCC optimize("fp-contract=off")

namespace ntkflow {
namespace {

using Block = r123::Philox4x32::ctr_type;

Block philox(std::uint64_t seed, RandomPurpose purpose, Index i, std::uint32_t draw) {
  const auto counter = static_cast<std::uint64_t>(i);
  const Block block = {{static_cast<std::uint32_t>(counter),
                        static_cast<std::uint32_t>(counter >> 32),
                        static_cast<std::uint32_t>(purpose), draw}};
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  return r123::Philox4x32()(block, key);
}

std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return (static_cast<std::uint64_t>(high) << 32) | low;
}

// The midpoints of 2^53 equal cells, so that neither 0 nor 1 can occur.
double to_unit_interval(std::uint64_t bits) {
  const double value = (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
  return value < 1.0 ? value : std::nextafter(1.0, 0.0);
}

}  // namespace

std::uint64_t RandomStream::bits(Index i) const {
  const Block block = philox(seed_, purpose_, i, 0);
  return join(block[0], block[1]);
}

double RandomStream::uniform(Index i) const {
  return to_unit_interval(bits(i));
}

double RandomStream::normal(Index i) const {
  const Block block = philox(seed_, purpose_, i, 1);
  const double radius = std::sqrt(-2.0 * std::log(to_unit_interval(join(block[0], block[1]))));
  const double angle = 2.0 * std::numbers::pi * to_unit_interval(join(block[2], block[3]));
  return radius * std::cos(angle);
}

IndexList random_choice(const RandomStream& stream, Index n, Index count) {
  NTKFLOW_EXPECTS(0 <= count && count <= n);
  IndexList order = indices_of({0, n});
  for (Index i = 0; i < count; ++i) {
    // Fisher-Yates; the modulo's bias is below n / 2^64.
    const auto remaining = static_cast<std::uint64_t>(n - i);
    const auto j =
        static_cast<std::size_t>(i) + static_cast<std::size_t>(stream.bits(i) % remaining);
    std::swap(order[static_cast<std::size_t>(i)], order[j]);
  }
  order.resize(static_cast<std::size_t>(count));
  return order;
}

}  // namespace ntkflow
