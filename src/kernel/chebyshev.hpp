#pragma once

#include "ntkflow/base/types.hpp"

#include <cmath>
#include <numbers>

namespace ntkflow {

/// Node i of n of Chebyshev's polynomial T_n on [-1, 1].
inline double chebyshev_node(Index i, Index n) {
  return std::cos(std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n));
}

/// What makes Chebyshev coefficients of the values at n nodes: coefficients = matrix values.
/// Shape: n x n.
Matrix chebyshev_transform(Index n);

/// T_0, ..., T_{n-1} at each u of [-1, 1]. Shape: u.size() x n.
Matrix chebyshev_polynomials(const Vector& u, Index n);

/// The polynomial through `values` at the nodes, as coefficients of 1, u, u^2, ...; as exact as the
/// values.
Vector powers_from_nodes(const Vector& values);

}  // namespace ntkflow
