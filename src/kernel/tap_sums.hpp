#pragma once

#include "kernel/pair_run.hpp"

#include <cmath>

namespace ntkflow {

/// The correlations of two sums over taps, without cancellation near the ends: with u, u' the unit
/// vectors that hold the taps' deviations over the whole deviation, and rho_o a tap's correlation,
///   1 -+ rho = |u - u'|^2/2 + sum_o u_o u'_o (1 -+ rho_o).
class TapSums {
 public:
  /// The whole deviations of a group of row points and of a column point; `gain` multiplies every
  /// tap's second moment.
  TapSums(const double* row, double column, double gain) : column_scale_(inverse(column, gain)) {
    for (Index i = 0; i < lanes; ++i) row_scale_[i] = inverse(row[i], gain);
  }

  /// Shape: all but column `lanes`.
  void add(const double* row, double column, const double* near, const double* far) {
    const Lanes u = row_scale_ * Lanes::Map(row);
    const double v = column_scale_ * column;
    distance_ += (u - v).square();
    near_ += u * v * Lanes::Map(near);
    far_ += u * v * Lanes::Map(far);
  }

  /// A tap that is the same number in both sums; `deviation` times the root of the gain is its own.
  void add_common(double deviation) {
    const Lanes u = deviation * row_scale_;
    const double v = deviation * column_scale_;
    distance_ += (u - v).square();
    far_ += 2.0 * u * v;
  }

  Lanes near() const { return 0.5 * distance_ + near_; }
  Lanes far() const { return 0.5 * distance_ + far_; }

 private:
  static double inverse(double deviation, double gain) {
    return deviation > 0.0 ? std::sqrt(gain) / deviation : 0.0;
  }

  Lanes row_scale_;
  double column_scale_;
  Lanes distance_ = Lanes::Zero(), near_ = Lanes::Zero(), far_ = Lanes::Zero();
};

}  // namespace ntkflow
