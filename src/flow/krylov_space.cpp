#include "ntkflow/flow/krylov_space.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/flow/phi_functions.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <vector>

namespace ntkflow {
namespace {

constexpr Index least_dimension = 6;
constexpr double change_allowed = 1e-10;
constexpr double invariant = 1e-14;  // remainder of T q, relative to ||T||, that is rounding

// Takes the parts along the first k basis vectors out of v, and returns them. Twice is enough.
Vector orthogonalise(const ResidualField& train, const Matrix& basis, Index k, Vector& v) {
  Vector total = Vector::Zero(k);
  for (int pass = 0; pass < 2; ++pass) {
    Vector parts = basis.leftCols(k).transpose() * train.my_weights().cwiseProduct(v);
    sum_over_ranks(train.comm(), span_of(parts));
    v.noalias() -= basis.leftCols(k) * parts;
    total += parts;
  }
  return total;
}

// || a - (b, 0) || / || a ||
double relative_change(const Vector& a, const Vector& b) {
  Vector difference = a;
  difference.head(b.size()) -= b;
  return difference.norm() / a.norm();
}

}  // namespace

KrylovSpace::KrylovSpace(const TangentKernel& kernel, const Vector& r, double h) {
  const AddElapsed timer(kernel.flow().seconds().linear_algebra);
  const ResidualField& train = kernel.train();
  const Index n = train.partition().count();
  norm_ = train.norm(r);
  basis_.resize(r.size(), 0);
  if (!(norm_ > 0.0)) return;

  std::vector<double> diagonal, side;
  Vector next = r / norm_, before;
  for (Index k = 1; k <= n; ++k) {
    if (k > basis_.cols()) basis_.conservativeResize(r.size(), std::min(n, 2 * k + 16));
    basis_.col(k - 1) = next;
    next = kernel.apply(next);
    diagonal.push_back(orthogonalise(train, basis_, k, next)(k - 1));
    diagonalise(diagonal, side);
    const double remainder = train.norm(next);
    if (round_for_decision(remainder) <= invariant * ritz_.maxCoeff()) break;
    const Vector now =
        ritz_vectors_ * phi_of(1, h, ritz_).cwiseProduct(ritz_vectors_.row(0).transpose());
    if (k >= least_dimension && round_for_decision(relative_change(now, before)) < change_allowed)
      break;
    before = now;
    side.push_back(remainder);
    next /= remainder;
  }
  basis_.conservativeResize(Eigen::NoChange, dimension());
}

void KrylovSpace::diagonalise(const std::vector<double>& diagonal,
                              const std::vector<double>& side) {
  const Eigen::Map<const Vector> d(diagonal.data(), count_of(diagonal));
  const Eigen::Map<const Vector> s(side.data(), count_of(side));
  Eigen::SelfAdjointEigenSolver<Matrix> solver;
  solver.computeFromTridiagonal(d, s);
  ritz_ = solver.eigenvalues().cwiseMax(0.0);
  ritz_vectors_ = solver.eigenvectors();
}

Vector KrylovSpace::combine(const Vector& ritz_function) const {
  if (dimension() == 0) return Vector::Zero(basis_.rows());
  return norm_ *
         (basis_ * (ritz_vectors_ * ritz_function.cwiseProduct(ritz_vectors_.row(0).transpose())));
}

Vector KrylovSpace::phi1(double h) const {
  return combine(phi_of(1, h, ritz_));
}

Vector KrylovSpace::decay(double h) const {
  return combine(ritz_.unaryExpr([h](double ritz) { return std::exp(-h * ritz); }));
}

}  // namespace ntkflow
