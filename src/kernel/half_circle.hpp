#pragma once

#include "ntkflow/base/types.hpp"

#include <array>
#include <cmath>

namespace ntkflow {

/// The two functions of an angle t in [0, pi/2] that the kink of ReLU needs, from x = 1 - cos t:
///   t/pi = sqrt(x) p(x)  and  (sin t - t cos t)/pi = x sqrt(x) q(x),
/// p and q polynomials of degree 21 with relative error 1e-15, also where x is tiny: there sin t and
/// t cos t would cancel. One square root in place of an arcsine and two.
class HalfCircle {
 public:
  HalfCircle();

  struct Values {
    double angle;  ///< t/pi
    double area;   ///< (sin t - t cos t)/pi
  };

  /// To be inlined into loops over lanes.
  Values operator()(double x) const {
    const double u = 2.0 * x - 1.0, square = u * u;
    double even_p = even_[0].back(), odd_p = odd_[0].back();
    double even_q = even_[1].back(), odd_q = odd_[1].back();
#pragma GCC unroll 16
    for (std::size_t k = half - 1; k-- > 0;) {
      even_p = even_p * square + even_[0][k];
      odd_p = odd_p * square + odd_[0][k];
      even_q = even_q * square + even_[1][k];
      odd_q = odd_q * square + odd_[1][k];
    }
    const double root = std::sqrt(x);
    return {root * (even_p + u * odd_p), x * root * (even_q + u * odd_q)};
  }

 private:
  static constexpr std::size_t half = 11;
  using Half = std::array<double, half>;

  /// Of p and q: the coefficients of even and of odd powers of u = 2 x - 1.
  std::array<Half, 2> even_, odd_;
};

}  // namespace ntkflow
