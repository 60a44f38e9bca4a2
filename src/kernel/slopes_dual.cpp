#include "kernel/dual.hpp"
#include "kernel/half_circle.hpp"

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

// omega(z) = a z below 0 and b z above: its correlation depends on rho alone. With e = (a^2+b^2)/2,
// g = (b-a)^2 / (a^2+b^2), t the angle between u and the nearer of v and -v, x = 1 - cos t =
// 2 sin^2(t/2) and j = (sin t - t cos t)/pi, small at both ends:
//   theta = t:       1 - kappa = x - g j,                          D = e (1 - g t/pi)
//   theta = pi - t:  1 - kappa = (2 - g) - (1 - g) x - g j,        D = e (1 - g (1 - t/pi))
//                    1 + kappa = g + (1 - g) x + g j.
// A point with q = 0 sits on the kink: its omega'(0) is the activation's.
class SlopesDual final : public Dual {
 public:
  explicit SlopesDual(Slopes s)
      : energy_(0.5 * (s.negative * s.negative + s.positive * s.positive)),
        kink_(0.5 * (s.positive - s.negative) * (s.positive - s.negative) / energy_),
        mean_((s.positive - s.negative) / std::sqrt(2.0 * std::numbers::pi)),
        at_zero_(s.negative),
        mean_slope_(0.5 * (s.negative + s.positive)) {}

  DualPoints prepare(const Vector& deviation) const override {
    const Index groups = deviation.size() / lanes;
    return {deviation,
            std::sqrt(energy_) * deviation,
            mean_ * deviation,
            {},
            {},
            deviation.reshaped(lanes, groups).colwise().minCoeff().array() == 0.0};
  }

  void apply(const DualPoints& rows, const DualPoints& columns,
             const PairRun& pairs) const override {
    apply_to(pairs.near, pairs.far, pairs.slope, count_of(pairs.segments) * lanes);
    double* slope = pairs.slope;
    for (const Segment& segment : pairs.segments) {
      if (rows.has_zero[segment.row / lanes] || columns.has_zero[segment.column / lanes])
        fix_zeros(rows.deviation.data() + segment.row, columns.deviation[segment.column], slope);
      slope += lanes;
    }
  }

 private:
  void apply_to(double* near, double* far, double* slope, Index count) const {
    const double g = kink_, e = energy_;
    const HalfCircle half_circle = half_circle_;  // here, so that no lane loads it on a condition
#pragma omp simd
    for (Index i = 0; i < count; ++i) {
      const bool close = near[i] < far[i];
      const double end = close ? near[i] : far[i];
      const double x = end > 0.0 ? end : 0.0;  // rounded ends may lie beyond
      const HalfCircle::Values at = half_circle(x);
      const double j = at.area;
      slope[i] = e * (1.0 - g * (close ? at.angle : 1.0 - at.angle));
      const double other = (1.0 - g) * x + g * j;
      near[i] = close ? x - g * j : 2.0 - g - other;
      far[i] = close ? 2.0 - x + g * j : g + other;
    }
  }

  // E[omega'(u) omega'(v)] where u or v is 0.
  void fix_zeros(const double* row, double column, double* slope) const {
    for (Index i = 0; i < lanes; ++i)
      if (row[i] == 0.0 || column == 0.0)
        slope[i] =
            (row[i] == 0.0 ? at_zero_ : mean_slope_) * (column == 0.0 ? at_zero_ : mean_slope_);
  }

  HalfCircle half_circle_;
  double energy_, kink_, mean_, at_zero_, mean_slope_;
};

}  // namespace

std::unique_ptr<Dual> make_slopes_dual(Slopes slopes) {
  return std::make_unique<SlopesDual>(slopes);
}

}  // namespace ntkflow
