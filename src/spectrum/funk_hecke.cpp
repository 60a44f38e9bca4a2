#include "ntkflow/spectrum/funk_hecke.hpp"

#include "ntkflow/input/gauss_legendre.hpp"
#include "ntkflow/input/harmonics.hpp"
#include "spectrum/panels.hpp"

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

using std::numbers::pi;

constexpr Index gauss_order = 32;

// Panels short enough for P_l up to the largest degree, which swings like cos lt, and for
// sin^{d-2} t, of width 1 / sqrt(d); those at the ends halved towards them, since a deep kernel
// varies fastest near t = 0.
Quadrature colatitudes(Index dimension, Index degrees) {
  const double width = std::sqrt(static_cast<double>(dimension));
  const Index even = 8 + degrees / 8 + static_cast<Index>(width);
  constexpr int halvings = 6;
  const double length = pi / static_cast<double>(even);
  std::vector<double> ends = {0};
  for (int k = halvings; k > 0; --k) ends.push_back(std::ldexp(length, -k));
  for (Index p = 1; p < even; ++p) ends.push_back(static_cast<double>(p) * length);
  for (int k = 1; k <= halvings; ++k) ends.push_back(pi - std::ldexp(length, -k));
  ends.push_back(pi);
  return composite_gauss(ends, gauss_legendre(gauss_order));
}

// sum_i g_i cos(l t_i) by rotations, started anew now and then so that their errors do not add up.
Vector cosine_sums(const Vector& angles, const Vector& g, Index count) {
  constexpr Index renewal = 64;
  const Eigen::ArrayXd step_cos = angles.array().cos(), step_sin = angles.array().sin();
  Eigen::ArrayXd cosine, sine, next;
  Vector sums(count);
  for (Index l = 0; l < count; ++l) {
    if (l % renewal == 0) {
      const auto turned = static_cast<double>(l) * angles.array();
      cosine = turned.cos();
      sine = turned.sin();
    } else {
      next = cosine * step_cos - sine * step_sin;
      sine = cosine * step_sin + sine * step_cos;
      cosine.swap(next);
    }
    sums[l] = (g.array() * cosine).sum();
  }
  return sums;
}

// sum_i g_i P_l(cos t_i), (l + d - 2) P_{l+1} = (2l + d - 2) cos t P_l - l P_{l-1}.
Vector gegenbauer_sums(const Vector& angles, const Vector& g, Index dimension, Index count) {
  const auto d = static_cast<double>(dimension);
  const Eigen::ArrayXd x = angles.array().cos();
  Eigen::ArrayXd previous = Eigen::ArrayXd::Zero(x.size());
  Eigen::ArrayXd value = Eigen::ArrayXd::Ones(x.size());
  Vector sums(count);
  for (Index degree = 0; degree < count; ++degree) {
    sums[degree] = (g.array() * value).sum();
    const auto l = static_cast<double>(degree);
    previous = ((2 * l + d - 2) * x * value - l * previous) / (l + d - 2);
    previous.swap(value);
  }
  return sums;
}

}  // namespace

Index degrees_with(Index dimension, Index functions) {
  Index degrees = 0;
  for (double found = 0; found < static_cast<double>(functions); ++degrees)
    found += harmonic_multiplicity(dimension, degrees);
  return degrees;
}

Vector zonal_eigenvalues(const ZonalKernel& kernel, Index count) {
  const Index d = kernel.dimension();
  const Quadrature rule = colatitudes(d, count);
  const auto power = static_cast<double>(d - 2);
  const Vector measure = rule.weights.array() * rule.nodes.array().sin().pow(power);
  const Vector g = measure.cwiseProduct(kernel(rule.nodes)) / measure.sum();
  return d == 2 ? cosine_sums(rule.nodes, g, count) : gegenbauer_sums(rule.nodes, g, d, count);
}

ZonalSpectrum zonal_spectrum(const ZonalKernel& kernel, Index degrees) {
  return {zonal_eigenvalues(kernel, degrees), Vector::NullaryExpr(degrees, [&](Index degree) {
            return harmonic_multiplicity(kernel.dimension(), degree);
          })};
}

}  // namespace ntkflow
