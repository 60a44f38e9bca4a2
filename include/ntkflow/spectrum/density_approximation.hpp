#pragma once

#include "ntkflow/input/circle_density.hpp"

namespace ntkflow {

/// What the limit of high frequencies makes of a zonal kernel with a kink under a density p on the
/// circle: in the stretched angle Psi(x) / Z, Psi(x) = int_{-pi}^x sqrt(p), Z = Psi(pi) / (2 pi),
/// the density is uniform. Eigenfunctions are near cos(q Psi/Z) and sin(q Psi/Z), eigenvalues near
/// 2 pi Z^2 times those under the uniform density, and where p is constant the local frequency is
/// near q sqrt(p) / Z. Exact for the uniform density only; elsewhere off by 10 to 30 % at q = 0 and
/// 1, by 1 % at q = 20, and the doublets of cosine and sine, which it has equal, are split.
/// Source: Basri et al. 2020, Frequency bias in neural networks for input of non-uniform density.
class DensityApproximation {
 public:
  explicit DensityApproximation(CircleDensity density);

  double z() const { return z_; }

  /// Psi(x) / Z. Units: radians, x in [-pi, pi].
  double stretched_angle(double x) const { return root_mass(x) / z_; }

  /// Shape: uniform and result: an eigenvalue a frequency.
  Vector eigenvalues(const Vector& uniform) const;

  /// q sqrt(p_j) / Z. Shape: a column an arc, q = 0, 1, ..., frequencies - 1. Expects: a density
  /// that is constant on arcs.
  Matrix local_frequencies(Index frequencies) const;

 private:
  double root_mass(double x) const;

  CircleDensity density_;
  double z_;
};

}  // namespace ntkflow
