#include "kernel/half_circle.hpp"

#include "kernel/chebyshev.hpp"

#include <algorithm>
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

// One of them as a polynomial of the place in [0, end].
template <std::size_t terms>
void fit(std::size_t which, double end, std::array<double, terms>& powers) {
  Vector values(static_cast<Index>(terms));
  for (Index i = 0; i < values.size(); ++i)
    values[i] = series(0.5 * end * (chebyshev_node(i, values.size()) + 1.0))[which];
  std::ranges::copy(powers_from_nodes(values), powers.begin());
}

}  // namespace

HalfCircle::HalfCircle() {
  fit(0, end, p_);
  fit(1, end, q_);
}

}  // namespace ntkflow
