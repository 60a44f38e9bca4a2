#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// Nodes and weights of a quadrature rule on [-1, 1].
struct GaussRule {
  Vector nodes;    ///< ascending
  Vector weights;  ///< positive, sum 2
};

/// Gauss-Legendre rule with `order` >= 1 nodes, exact for polynomials of degree 2 order - 1.
/// Source: Newton's method on the Legendre polynomial from Chebyshev's guess.
GaussRule gauss_legendre(Index order);

}  // namespace ntkflow
