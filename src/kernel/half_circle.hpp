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
/// with smooth p and q. Beyond pi/3 the angle is that of pi - 2t <= pi/3, for which 1 - cos is
/// 2 (1 - x)^2: p is wanted up to x = 1/2 only, and q up to 1/16, from where on little cancels.
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
    const double y = x < opposite ? x : opposite;  // equal at pi/3
    const double root = std::sqrt(y);
    const double folded = root * at(p_, 2.0 / p_end * y - 1.0);
    const double angle = x > p_end ? 0.5 - 0.5 * folded : folded;
    const double near_area = x * root * at(q_, 2.0 / q_end * x - 1.0);
    const double area = std::numbers::inv_pi * std::sqrt(x * (2.0 - x)) - cosine * angle;
    return {angle, x < q_end ? near_area : area};
  }

 private:
  static constexpr double p_end = 0.5, q_end = 1.0 / 16.0;

  /// The powers from k on, over u^k.
  template <std::size_t k = 0, std::size_t terms>
  static double at(const std::array<double, terms>& powers, double u) {
    if constexpr (k + 1 == terms)
      return powers[k];
    else
      return powers[k] + u * at<k + 1>(powers, u);
  }

  /// For powers of u, which runs over [-1, 1].
  std::array<double, 13> p_;
  std::array<double, 6> q_;
};

}  // namespace ntkflow
