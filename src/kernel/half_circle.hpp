#pragma once

#include "ntkflow/base/types.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace ntkflow {

/// The two functions of an angle t in [0, pi/2] that the kink of ReLU needs, from x = 1 - cos t:
///   t/pi  and  (sin t - t cos t)/pi,
/// the first to 1e-15 of itself, the second to 1e-15 of x, also where x is tiny: there sin t and
/// t cos t would cancel, and
///   t/pi = sqrt(x) p(x),  (sin t - t cos t)/pi = x sqrt(x) q(x)
/// with smooth p and q, up to pi/3, where x = 1/2. Beyond, the angle is that of pi - 2t <= pi/3, for
/// which 1 - cos is 2 (1 - x)^2, whose root needs no taking, and little cancels.
class HalfCircle {
 public:
  HalfCircle();

  struct Values {
    double angle;  ///< t/pi
    double area;   ///< (sin t - t cos t)/pi
  };

  /// To be inlined into loops over lanes.
  Values operator()(double x) const {
    const double cosine = 1.0 - x;
    const double opposite = 2.0 * cosine * cosine;
    const bool is_near = x < opposite;  // equal at pi/3
    const double u = 2.0 / end * (is_near ? x : opposite) - 1.0;
    const double p = at(p_, u), q = at(q_, u);
    const double root = std::sqrt(is_near ? x : x * (2.0 - x));  // beyond pi/3 the sine
    const double angle = is_near ? root * p : 0.5 - std::numbers::sqrt2 * 0.5 * cosine * p;
    const double area = is_near ? x * root * q : std::numbers::inv_pi * root - cosine * angle;
    return {angle, area};
  }

 private:
  static constexpr double end = 0.5;  ///< of p and q

  /// The powers from k on, over u^k.
  template <std::size_t k = 0, std::size_t terms>
  static double at(const std::array<double, terms>& powers, double u) {
    if constexpr (k + 1 == terms)
      return powers[k];
    else
      return powers[k] + u * at<k + 1>(powers, u);
  }

  /// For powers of u, which runs over [-1, 1].
  std::array<double, 12> p_;
  std::array<double, 11> q_;
};

}  // namespace ntkflow
