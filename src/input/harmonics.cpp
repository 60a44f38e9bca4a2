#include "ntkflow/input/harmonics.hpp"

#include "ntkflow/base/error.hpp"

#include <cmath>
#include <complex>
#include <numbers>

namespace ntkflow {
namespace {

// The Legendre polynomial of dimension d, 1 at t = 1; Chebyshev's for d = 2, Legendre's for d = 3.
double legendre(Index dimension, Index degree, double t) {
  const auto d = static_cast<double>(dimension);
  double previous = 0, value = 1;
  for (Index k = 0; k < degree; ++k) {
    const auto l = static_cast<double>(k);
    // At l = 0 the general formula is t / 1, or 0 / 0 for d = 2.
    const double next = k == 0 ? t : ((2 * l + d - 2) * t * value - l * previous) / (l + d - 2);
    previous = value;
    value = next;
  }
  return value;
}

// The associated Legendre function of mean square 1, divided by sin^m.
double associated_legendre(Index degree, Index order, double z) {
  const auto m = static_cast<double>(order);
  double previous = 0, value = 1;
  double ratio = 0;  // 1 / step of the degree before
  for (Index k = 1; k <= order; ++k)
    value *= std::sqrt((2 * static_cast<double>(k) + 1) / (2 * static_cast<double>(k)));
  for (Index k = order + 1; k <= degree; ++k) {
    const auto l = static_cast<double>(k);
    const double step = std::sqrt((4 * l * l - 1) / (l * l - m * m));
    const double next = step * (z * value - ratio * previous);
    previous = value;
    value = next;
    ratio = 1 / step;
  }
  return value;
}

}  // namespace

double harmonic_multiplicity(Index dimension, Index degree) {
  NTKFLOW_EXPECTS(dimension >= 2 && degree >= 0);
  if (degree == 0) return 1;
  const auto d = static_cast<double>(dimension), l = static_cast<double>(degree);
  // (l + d - 3) over (d - 2); every partial product is a binomial coefficient, so an integer.
  double binomial = 1;
  const Index chosen = std::min(dimension - 2, degree - 1);
  for (Index k = 1; k <= chosen; ++k)
    binomial = binomial * (l + d - 3 - static_cast<double>(chosen - k)) / static_cast<double>(k);
  return (2 * l + d - 2) * binomial / l;
}

double zonal_harmonic(Index dimension, Index degree, double height) {
  return std::sqrt(harmonic_multiplicity(dimension, degree)) * legendre(dimension, degree, height);
}

double spherical_harmonic(Index degree, Index order, double x, double y, double z) {
  const Index m = std::abs(order);
  NTKFLOW_EXPECTS(m <= degree);
  if (m == 0) return zonal_harmonic(3, degree, z);
  std::complex<double> power = 1;  // sin^m exp(i m phi)
  for (Index k = 0; k < m; ++k) power *= std::complex<double>(x, y);
  return std::numbers::sqrt2 * associated_legendre(degree, m, z) *
         (order > 0 ? power.real() : power.imag());
}

double HarmonicSum::operator()(const Vector& direction) const {
  double sum = 0;
  for (std::size_t j = 0; j < degrees.size(); ++j)
    sum += amplitudes[j] * (dimension == 3
                                ? spherical_harmonic(degrees[j], orders[j], direction[0],
                                                     direction[1], direction[2])
                                : zonal_harmonic(dimension, degrees[j], direction[dimension - 1]));
  return sum;
}

}  // namespace ntkflow
