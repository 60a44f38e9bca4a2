#pragma once

#include "ntkflow/network/activation.hpp"

namespace ntkflow {

/// Hermite coefficients of an odd activation and of its derivative, at many deviations s:
///   a_k = E[omega(s z) he_k(z)], k odd,   b_k = E[omega'(s z) he_k(z)], k even,   z ~ N(0, 1),
/// he_k orthonormal. Column j holds k = 2j + 1 of `value` and k = 2j of `slope`.
/// Shape: deviations.size() x terms.
struct HermiteSeries {
  Matrix value, slope;
};

/// As many terms as leave out about 1e-12 of sqrt(D(q,q) D(q',q')) of any moment D = E[omega'(u)
/// omega'(v)], whatever the other point is.
/// Throws: ConfigError when a deviation is so large that the series is out of reach.
/// Source: Trefethen and Weideman 2014, The exponentially convergent trapezoidal rule.
HermiteSeries hermite_series(const Activation& odd_activation, const Vector& deviations);

}  // namespace ntkflow
