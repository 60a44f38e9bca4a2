#include "ntkflow/spectrum/hemispheres.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/gauss_legendre.hpp"
#include "ntkflow/input/harmonics.hpp"
#include "ntkflow/spectrum/first_time.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

// Y_{l,m} on the meridian of longitude 0, of mean square 1 in the height: the cosine's sqrt(2) is
// taken off. Shape: a row a height, a column a degree m, m + 1, ..., degrees - 1.
Matrix on_meridian(const Vector& heights, Index order, Index degrees) {
  const double scale = order == 0 ? 1 : 1 / std::sqrt(2.0);
  return Matrix::NullaryExpr(heights.size(), degrees - order, [&](Index i, Index l) {
    const double z = heights[i];
    return scale * spherical_harmonic(order + l, order, std::sqrt((1 - z) * (1 + z)), 0, z);
  });
}

}  // namespace

HemisphereFlow::HemisphereFlow(const Vector& zonal, const SphereDensity& density, Index order)
    : order_(order) {
  const Index degrees = zonal.size();
  NTKFLOW_EXPECTS(density.dimension == 3 && 0 <= order && order < degrees);
  const GaussRule rule = gauss_legendre(degrees);  // exact up to degree 2 degrees - 1
  const Matrix northern = on_meridian((1 + rule.nodes.array()) / 2, order, degrees);
  const Matrix north = northern.transpose() * (rule.weights / 4).asDiagonal() * northern;
  const Matrix south = Matrix::Identity(degrees - order, degrees - order) - north;

  root_zonal_ = zonal.tail(degrees - order).cwiseMax(0).cwiseSqrt();
  const Matrix gram = density.in_region(0) * south + density.in_region(1) * north;
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(root_zonal_.asDiagonal() * gram *
                                                     root_zonal_.asDiagonal());
  sigma_ = solver.eigenvalues().reverse();
  vectors_ = solver.eigenvectors().rowwise().reverse();
  const Matrix functions = root_zonal_.asDiagonal() * vectors_;
  regional_[0] = functions.transpose() * south * functions;
  regional_[1] = functions.transpose() * north * functions;
}

double HemisphereFlow::relative_rms(Index degree, Index region, double time) const {
  const Index l = degree - order_;
  NTKFLOW_EXPECTS(0 <= l && l < root_zonal_.size() && (region == 0 || region == 1));
  // A harmonic of one degree and order has half its mean square on either hemisphere.
  const Vector now = (-sigma_.array() * time).exp() * vectors_.row(l).transpose().array();
  return std::sqrt(std::fmax(2 * now.dot(regional_[region] * now), 0)) / root_zonal_[l];
}

double HemisphereFlow::convergence_time(Index degree, Index region, double fraction) const {
  constexpr double rounding = 1e-14;
  const double zonal = root_zonal_[degree - order_] * root_zonal_[degree - order_];
  if (zonal <= rounding * sigma_[0]) return std::numeric_limits<double>::quiet_NaN();
  // Nothing decays faster than the first eigenfunction.
  return first_time_at([&](double t) { return relative_rms(degree, region, t); }, fraction,
                       -0.9 * std::log(fraction) / sigma_[0], 1e3 / zonal);
}

}  // namespace ntkflow
