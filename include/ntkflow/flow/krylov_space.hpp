#pragma once

#include "ntkflow/flow/tangent_kernel.hpp"

#include <vector>

namespace ntkflow {

/// The span of r, T r, T^2 r, ... in which functions of a tangent kernel's operator T are applied
/// to a residual r: f(T) r = ||r|| Q f(T_k) e_1, T_k = Q^T W T Q tridiagonal. Ritz values below 0,
/// which secants can leave in T, count as 0.
/// Source: Hochbruck, Lubich 1997, On Krylov subspace approximations to the matrix exponential.
class KrylovSpace {
 public:
  /// Grows, with full re-orthogonalisation, until phi_1(-h T) r changes by less than 1e-10 of
  /// itself: at least 6 dimensions, at most n. Shape: r at this rank's points. Collective.
  KrylovSpace(const TangentKernel& kernel, const Vector& r, double h);

  Index dimension() const { return ritz_.size(); }

  /// phi_1(-h T) r and e^{-h T} r at this rank's points, as accurate as for the h that the space
  /// was made for wherever h is no larger.
  Vector phi1(double h) const;
  Vector decay(double h) const;

 private:
  void diagonalise(const std::vector<double>& diagonal, const std::vector<double>& side);
  Vector combine(const Vector& ritz_function) const;

  double norm_ = 0.0;  // of r
  Matrix basis_;       // Q at this rank's points
  Vector ritz_;
  Matrix ritz_vectors_;
};

}  // namespace ntkflow
