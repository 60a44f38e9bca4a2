#pragma once

#include "ntkflow/base/types.hpp"

#include <vector>

namespace ntkflow {

// Spherical harmonics on S^{d-1} in R^d, orthonormal in L2 of the uniform probability measure, about
// the last coordinate's axis. Errors are below 1e-12 up to degree 40, and grow with the degree.

/// Dimension of the space of harmonics of a degree, d >= 2; infinity where a double cannot hold it.
/// Source: Mueller 1966, Spherical harmonics, (2l + d - 2) / l * binomial(l + d - 3, l - 1).
double harmonic_multiplicity(Index dimension, Index degree);

/// The zonal harmonic of a degree, sqrt(multiplicity) times the Legendre polynomial of dimension d,
/// at points whose last coordinate is `height`; on the circle sqrt(2) cos(degree angle), the angle
/// measured from the axis. Positive at the pole.
double zonal_harmonic(Index dimension, Index degree, double height);

/// The real harmonic of S^2 of an order from -degree to degree: sqrt(2) P(z) cos(m phi) for m > 0,
/// sqrt(2) P(z) sin(|m| phi) for m < 0, the zonal one for 0, with P the associated Legendre function
/// of degree and |m| of mean square 1 and no sign (-1)^m.
double spherical_harmonic(Index degree, Index order, double x, double y, double z);

/// The function sum_j amplitudes[j] Y_{degrees[j], orders[j]} on S^{d-1}; orders other than 0 are
/// for d = 3. All lists are of equal length.
struct HarmonicSum {
  Index dimension = 3;
  std::vector<Index> degrees;
  std::vector<Index> orders;
  std::vector<double> amplitudes;

  /// Shape: direction dimension, of norm 1.
  double operator()(const Vector& direction) const;
};

}  // namespace ntkflow
