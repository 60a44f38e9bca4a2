#include "base/vector_math.hpp"
#include "kernel/dual.hpp"

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

using std::numbers::inv_pi;

struct Moments {
  double value;  ///< E
  double slope;  ///< D
};

// A dual from the formulas of one pair: Formula::moments(n, n', near, far) with n = sqrt(q),
// Formula::second_moment(q) and Formula::mean(q).
template <typename Formula>
class ClosedDual final : public Dual {
 public:
  DualPoints prepare(const Vector& deviation) const override {
    Vector value(deviation.size()), mean(deviation.size());
    for (Index i = 0; i < deviation.size(); ++i) {
      const double q = deviation[i] * deviation[i];
      value[i] = std::sqrt(Formula::second_moment(q));
      mean[i] = Formula::mean(q);
    }
    return {deviation, std::move(value), std::move(mean), {}, {}};
  }

  void apply(const DualPoints& rows, const DualPoints& columns,
             const PairRun& pairs) const override {
    double *near = pairs.near, *far = pairs.far, *slope = pairs.slope;
    for (const Segment& segment : pairs.segments) {
      const double* row = rows.deviation.data() + segment.row;
      const double* row_value = rows.value_deviation.data() + segment.row;
      const double column = columns.deviation[segment.column];
      const double column_value = columns.value_deviation[segment.column];
#pragma omp simd
      for (Index i = 0; i < lanes; ++i) {
        const Moments moments = Formula::moments(row[i], column, near[i], far[i]);
        const double scale = row_value[i] * column_value;
        const double rho = scale > 0.0 ? moments.value / scale : 0.0;
        slope[i] = moments.slope;
        near[i] = 1.0 - rho;
        far[i] = 1.0 + rho;
      }
      near += lanes, far += lanes, slope += lanes;
    }
  }
};

// (1 + 2q)(1 + 2q') - 4c^2 = 1 + 2(q + q') + 4qq'(1 - rho^2), without cancellation.
struct ErfFormula {
  static double second_moment(double q) {
    return 2.0 * inv_pi * std::atan(2.0 * q / std::sqrt(1.0 + 4.0 * q));
  }
  static double mean(double) { return 0.0; }
  static Moments moments(double n, double m, double near, double far) {
    const double product = n * m;
    const double root =
        std::sqrt(1.0 + 2.0 * (n * n + m * m) + 4.0 * product * product * near * far);
    return {2.0 * inv_pi * atan(product * (far - near) / root), 4.0 * inv_pi / root};
  }
};

// With z = (q + q')/2: E[sin u sin v] = e^-z sinh c and E[cos u cos v] = e^-z cosh c, where z - c =
// ((n - n')^2 + 2 n n' near)/2 and z + c has `far`.
struct Waves {
  double sine, cosine;

  Waves(double n, double m, double near, double far) {
    const double square = 0.5 * (n - m) * (n - m);
    const double large = exp(-square - n * m * near);
    const double small = exp(-square - n * m * far);
    const double c = 0.5 * n * m * (far - near);
    const double difference = small * expm1(2.0 * c);
    sine = 0.5 * (std::abs(c) < 1.0 ? difference : large - small);
    cosine = 0.5 * (large + small);
  }
};

struct SineFormula {
  static double second_moment(double q) { return -0.5 * std::expm1(-2.0 * q); }
  static double mean(double) { return 0.0; }
  static Moments moments(double n, double m, double near, double far) {
    const Waves waves(n, m, near, far);
    return {waves.sine, waves.cosine};
  }
};

struct CosineFormula {
  static double second_moment(double q) { return 0.5 * (1.0 + std::exp(-2.0 * q)); }
  static double mean(double q) { return std::exp(-0.5 * q); }
  static Moments moments(double n, double m, double near, double far) {
    const Waves waves(n, m, near, far);
    return {waves.cosine, waves.sine};
  }
};

// With Q^2 = (1 + q)(1 + q') - c^2 = 1 + q + q' + qq'(1 - rho^2).
struct GeluFormula {
  static double second_moment(double q) {
    return moments(std::sqrt(q), std::sqrt(q), 0.0, 2.0).value;
  }
  static double mean(double q) { return q / std::sqrt(2.0 * std::numbers::pi * (1.0 + q)); }
  static Moments moments(double n, double m, double near, double far) {
    const double q = n * n, r = m * m, c = 0.5 * n * m * (far - near);
    const double square = 1.0 + q + r + q * r * near * far;
    const double root = std::sqrt(square);
    const double angle = atan(c / root);
    const double both = (1.0 + q) * (1.0 + r);
    const double value = (c * c + q * r * square) / (both * root) + c * angle;
    const double slope = angle + c / root * (1.0 / square + (1.0 - q * r) / both + 1.0);
    return {0.25 * c + 0.5 * inv_pi * value, 0.25 + 0.5 * inv_pi * slope};
  }
};

}  // namespace

std::unique_ptr<Dual> make_erf_dual() {
  return std::make_unique<ClosedDual<ErfFormula>>();
}
std::unique_ptr<Dual> make_sine_dual() {
  return std::make_unique<ClosedDual<SineFormula>>();
}
std::unique_ptr<Dual> make_cosine_dual() {
  return std::make_unique<ClosedDual<CosineFormula>>();
}
std::unique_ptr<Dual> make_gelu_dual() {
  return std::make_unique<ClosedDual<GeluFormula>>();
}

}  // namespace ntkflow
