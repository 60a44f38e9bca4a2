#pragma once

#include "kernel/dual.hpp"

namespace ntkflow {

/// Hermite coefficients of a smooth activation and of its derivative at many deviations s:
///   a_k = E[omega(s z) he_k(z)],   b_k = E[omega'(s z) he_k(z)],   z ~ N(0, 1), he_k orthonormal.
/// Column j of part r of a series holds k = 2j + r. Beyond the longest series the energy that is
/// left out stands in one more column, as if it were all of the next degree: the moments of a point
/// with itself stay exact.
/// Shape: parts deviations.size() x terms, or without columns.
struct HermiteSeries {
  ParitySeries value, slope;
};

/// As many terms as leave out about 1e-12 of sqrt(D(q,q) D(q',q')) of any moment D = E[omega'(u)
/// omega'(v)], whatever the other point is; at most 2048 of a parity, after which degrees beyond
/// 4096 are represented by the last column: that changes moments of |rho| > 0.99 only.
/// Throws: ConfigError when a deviation is so large that the nodes are out of reach.
/// Source: Trefethen and Weideman 2014, The exponentially convergent trapezoidal rule.
HermiteSeries hermite_series(const Activation& smooth, const Vector& deviations);

}  // namespace ntkflow
