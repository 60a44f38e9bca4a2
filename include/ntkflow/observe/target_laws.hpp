#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// y = factor * x^exponent, and where it was fitted.
struct PowerLaw {
  double factor = 0.0;
  double exponent = 0.0;
  double first_x = 0.0;
  double last_x = 0.0;
};

/// Least squares in the logarithms; NaN everywhere for fewer than two different x. Shape: x and y
/// of equal size, all > 0.
PowerLaw fit_power_law(const Vector& x, const Vector& y);

/// sigma_i = factor * i^exponent, fitted over the last nine tenths of the eigenvalues.
PowerLaw eigenvalue_law(const Vector& eigenvalues);

/// ||exp(-T t) r_0||^2 = factor * t^exponent, fitted over t in [10 / sigma_1, 1 / sigma_K], where
/// neither the first modes nor the missing ones decide; what lies beyond phi_K does not decay.
/// Shape: eigenvalues and coefficients <r_0, phi_i>, K; norm_squared = ||r_0||^2.
/// Source: footnotes of [BM22]: ||r_0||_H^2 / t for r_0 in the kernel's space, C t^-xi in general.
PowerLaw decay_law(const Vector& eigenvalues, const Vector& coefficients, double norm_squared);

}  // namespace ntkflow
