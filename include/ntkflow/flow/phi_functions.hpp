#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// phi_k of exponential integrators for k = 1, 2, 3: phi_0 = e^x,
/// phi_{k+1}(x) = (phi_k(x) - 1/k!) / x, phi_k(0) = 1/k!. Exact to rounding for x <= 1.
/// Source: Hochbruck, Ostermann 2010, Exponential integrators, equation 2.6.
double phi(int k, double x);

/// phi_k(-h lambda) for each eigenvalue of a vector. Shape: as lambda.
Vector phi_of(int k, double h, const Vector& lambda);

}  // namespace ntkflow
