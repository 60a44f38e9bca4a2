#include "kernel/dual.hpp"

#include "base/vector_math.hpp"
#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

namespace ntkflow {
namespace {

using std::numbers::inv_pi;

// omega(z) = max(z, 0): its correlation depends on rho alone. With t the angle between u and the
// nearer of v and -v, x = 1 - cos t = 2 sin^2(t/2), and j = (sin t - t cos t)/pi, small at both
// ends:
//   theta = t:       kappa_1 = 1 - x + j,  D = (1 - t/pi)/2
//   theta = pi - t:  kappa_1 = j,          D = (t/pi)/2
// omega'(0) = 0, so a point with q = 0 has D = 0 with every other.
class ReluDual final : public Dual {
 public:
  DualPoints prepare(const Vector& deviation) const override {
    return {deviation, deviation / std::numbers::sqrt2, {}, {}};
  }

  void apply(const DualPoints& rows, const DualPoints& columns, PairBlock& pairs) const override {
    const double* row = rows.deviation.data() + pairs.first_row;
    const double half = columns.deviation[pairs.column] > 0.0 ? 0.5 : 0.0;
    double* const near = pairs.near.data();
    double* const far = pairs.far.data();
    double* const slope = pairs.slope.data();
#pragma omp simd
    for (Index i = 0; i < pairs.count; ++i) {
      const double x = near[i] < far[i] ? near[i] : far[i];
      const double t = 2.0 * asin(std::sqrt(0.5 * x));
      const double j = (std::sqrt(near[i] * far[i]) - t * (1.0 - x)) * inv_pi;
      const double d = near[i] < far[i] ? 1.0 - t * inv_pi : t * inv_pi;
      slope[i] = row[i] > 0.0 ? half * d : 0.0;
      near[i] = (near[i] < far[i] ? x : 1.0) - j;
      far[i] = 2.0 - near[i];
    }
  }
};

// omega = erf. (1 + 2q)(1 + 2q') - 4c^2 = 1 + 2(q + q') + 4qq'(1 - rho^2), without cancellation.
class ErfDual final : public Dual {
 public:
  DualPoints prepare(const Vector& deviation) const override {
    const Eigen::ArrayXd q = deviation.array().square();
    const Vector second_moment = 2.0 * inv_pi * (2.0 * q / (1.0 + 4.0 * q).sqrt()).atan();
    return {deviation, second_moment.cwiseSqrt(), {}, {}};
  }

  void apply(const DualPoints& rows, const DualPoints& columns, PairBlock& pairs) const override {
    const double* row = rows.deviation.data() + pairs.first_row;
    const double* row_value = rows.value_deviation.data() + pairs.first_row;
    const double column = columns.deviation[pairs.column];
    const double column_value = columns.value_deviation[pairs.column];
    double* const near = pairs.near.data();
    double* const far = pairs.far.data();
    double* const slope = pairs.slope.data();
#pragma omp simd
    for (Index i = 0; i < pairs.count; ++i) {
      const double product = row[i] * column;
      const double two_c = product * (far[i] - near[i]);
      const double root = std::sqrt(1.0 + 2.0 * (row[i] * row[i] + column * column) +
                                    4.0 * product * product * near[i] * far[i]);
      const double value = 2.0 * inv_pi * atan(two_c / root);
      const double scale = row_value[i] * column_value;
      const double rho = scale > 0.0 ? value / scale : 0.0;
      slope[i] = 4.0 * inv_pi / root;
      near[i] = 1.0 - rho;
      far[i] = 1.0 + rho;
    }
  }
};

}  // namespace

std::unique_ptr<Dual> make_relu_dual() {
  return std::make_unique<ReluDual>();
}
std::unique_ptr<Dual> make_erf_dual() {
  return std::make_unique<ErfDual>();
}

std::vector<std::unique_ptr<Dual>> make_duals(const std::vector<const Activation*>& activations) {
  std::vector<std::unique_ptr<Dual>> duals(activations.size());
  Ends ends = Ends::rounded;
  for (std::size_t l = activations.size(); l-- > 0;) {
    const Activation& omega = *activations[l];
    if (&omega == &activation("relu")) {
      duals[l] = make_relu_dual();
      ends = Ends::exact;
    } else if (&omega == &activation("erf") && ends == Ends::rounded) {
      duals[l] = make_erf_dual();
    } else if (omega.parity() != Parity::odd || omega.slopes()) {
      throw ConfigError(fmt::format("the analytic kernel of {} is not yet there", omega.name()));
    } else {
      duals[l] = make_series_dual(omega, ends);
    }
  }
  return duals;
}

}  // namespace ntkflow
