#pragma once

#include "ntkflow/base/types.hpp"

#include <cmath>
#include <numbers>

namespace ntkflow {

/// Node i of n of Chebyshev's polynomial T_n on [-1, 1].
inline double chebyshev_node(Index i, Index n) {
  return std::cos(std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n));
}

/// The polynomial through `values` at the nodes, as coefficients of 1, u, u^2, ...; as exact as the
/// values.
Vector powers_from_nodes(const Vector& values);

}  // namespace ntkflow
