#include "kernel/half_circle.hpp"

#include "kernel/chebyshev.hpp"

#include <numbers>

namespace ntkflow {
namespace {

// t = 2 asin(sqrt(x/2)) = sqrt(2 x) sum_k c_k (x/2)^k with c_k = (2k)! / (4^k k!^2 (2k + 1)); and
// d(sin t - t cos t)/dx = t, so that the other series is the integral of this one.
std::array<double, 2> series(double x) {
  double central = std::numbers::sqrt2 * std::numbers::inv_pi;
  std::array<double, 2> sums = {0.0, 0.0};
  for (int k = 0; k < 80; ++k) {
    const double term = central / (2 * k + 1);
    sums[0] += term;
    sums[1] += term / (k + 1.5);
    central *= 0.5 * x * (2 * k + 1) / (2 * k + 2);
  }
  return sums;
}

}  // namespace

HalfCircle::HalfCircle() {
  constexpr Index terms = 2 * half;
  std::array<Vector, 2> values = {Vector(terms), Vector(terms)};
  for (Index i = 0; i < terms; ++i) {
    const std::array<double, 2> at = series(0.5 * (chebyshev_node(i, terms) + 1.0));
    for (std::size_t f = 0; f < 2; ++f) values[f][i] = at[f];
  }
  for (std::size_t f = 0; f < 2; ++f) {
    const Vector powers = powers_from_nodes(values[f]);
    for (std::size_t k = 0; k < half; ++k) {
      even_[f][k] = powers[static_cast<Index>(2 * k)];
      odd_[f][k] = powers[static_cast<Index>(2 * k + 1)];
    }
  }
}

}  // namespace ntkflow
