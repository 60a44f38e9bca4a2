#pragma once

#include "ntkflow/input/sphere_density.hpp"
#include "ntkflow/kernel/kernel.hpp"

namespace ntkflow {

/// The ideal flow of a zonal kernel on S^2 under a density that is constant on two hemispheres, in
/// infinite data. Turning about the axis changes nothing, so that harmonics of one order m decouple
/// from all others: in their coordinates a the flow is da/dt = -Lambda P a, with Lambda the
/// eigenvalues under the uniform measure (Funk and Hecke) and P the Gram matrix of the harmonics of
/// order m under the density, by Gauss-Legendre rules of the two halves, exact for polynomials.
/// Degrees m, ..., degrees - 1 are kept.
class HemisphereFlow {
 public:
  /// Shape: zonal: eigenvalues of degrees 0, 1, ..., all of those that are kept.
  HemisphereFlow(const Vector& zonal, const SphereDensity& density, Index order);

  /// Eigenvalues of the integral operator on the functions of this order, descending.
  const Vector& eigenvalues() const { return sigma_; }

  /// Root mean square over one hemisphere (region 0 or 1) of what the flow makes of Y_{degree,order},
  /// divided by that at t = 0.
  double relative_rms(Index degree, Index region, double time) const;

  /// First t at which it is `fraction`, to 1e-10 of t; NaN when the kernel does not learn Y.
  double convergence_time(Index degree, Index region, double fraction) const;

 private:
  Index order_;
  Vector root_zonal_;
  Vector sigma_;
  Matrix vectors_;      // of sqrt(Lambda) P sqrt(Lambda)
  Matrix regional_[2];  // mean squares over the hemispheres, as forms in the flow's eigenfunctions
};

}  // namespace ntkflow
