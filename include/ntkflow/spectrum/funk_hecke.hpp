#pragma once

#include "ntkflow/spectrum/zonal_kernel.hpp"

namespace ntkflow {

/// The smallest number of degrees 0, 1, ... whose harmonics are at least `functions` in all.
Index degrees_with(Index dimension, Index functions);

/// Eigenvalues of a zonal kernel's integral operator under the uniform probability measure on
/// S^{d-1}, of degrees 0, 1, ..., count - 1; eigenfunctions are the spherical harmonics:
///   lambda_l = int_0^pi kappa(t) P_l(cos t) sin^{d-2} t dt / int_0^pi sin^{d-2} t dt,
/// P_l(1) = 1: cos lt on the circle, Legendre's polynomial on S^2, otherwise Gegenbauer's.
/// kappa may have kinks at t = 0 and pi, like sqrt(1 - cos t): in t it is smooth up to both ends.
/// Errors are some 1e-16 lambda_0.
/// Memory: some 20 numbers a degree.
/// Source: the formula of Funk and Hecke; Mueller 1966, Spherical harmonics.
Vector zonal_eigenvalues(const ZonalKernel& kernel, Index count);

/// What is known of a zonal kernel under the uniform measure, a degree an entry.
struct ZonalSpectrum {
  Vector eigenvalues;
  Vector multiplicities;

  Index degrees() const { return eigenvalues.size(); }
};
ZonalSpectrum zonal_spectrum(const ZonalKernel& kernel, Index degrees);

}  // namespace ntkflow
