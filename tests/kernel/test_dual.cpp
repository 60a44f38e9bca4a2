// The duals E and D, seen through networks of one layer whose kernels they are.

#include "support/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace ntkflow {
namespace {

using std::numbers::pi;

struct Moments {
  double value;  ///< E[omega(u) omega(v)]
  double slope;  ///< E[omega'(u) omega'(v)]
};

struct Pair {
  double q, q_prime, rho;
};

const std::vector<Pair> pairs = {
    {0.05, 0.05, 0.3},    {0.05, 0.05, 1.0}, {0.05, 5.0, 1.0},   {0.05, 5.0, -0.999},
    {0.05, 20.0, 1.0},    {0.4, 0.7, 0.0},   {0.4, 0.7, 0.9},    {0.4, 0.7, 0.999},
    {1.0, 1.0, 1.0},      {1.0, 1.0, -1.0},  {1.0, 1.0, 0.999},  {1.0, 1.0, 0.9999999},
    {1.0, 1.000001, 1.0}, {1.0, 3.0, -0.5},  {1.0, 3.0, -0.999}, {5.0, 5.0, 0.05},
    {5.0, 5.0, 0.999},    {5.0, 5.0, 1.0},   {5.0, 5.0, -1.0},   {2.0, 5.0, 0.99},
    {0.0, 0.0, 0.0},      {0.0, 2.0, 0.0},   {12.0, 20.0, 1.0},  {20.0, 20.0, 0.95}};

// Points of the plane with x.x = q, x'.x' = q', x.x' = rho sqrt(q q').
Matrix points_of(const Pair& p) {
  Matrix x(2, 2);
  x.col(0) << std::sqrt(p.q), 0.0;
  x.col(1) << std::sqrt(p.q_prime) * p.rho,
      std::sqrt(p.q_prime) * std::sqrt((1.0 - p.rho) * (1.0 + p.rho));
  return x;
}

// Entry (0, 1) of K and the root of its diagonal's product, which is the scale of the error.
struct Entry {
  double value, scale;
};

Entry entry(const Kernel& kernel, const Pair& p) {
  const Matrix k = kernel_matrix(kernel, points_of(p), points_of(p));
  return {k(0, 1), std::sqrt(k(0, 0) * k(1, 1))};
}

// With F = 1 the network's covariance is E, and the tangent kernel of a first-layer bias, alone
// trained and started at zero, is D.
Entry dual_value(std::string_view name, const Pair& p) {
  const auto architecture = make_architecture("fc:8:fan=one", "dense", name, 2);
  return entry(*make_analytic_kernel(architecture, AnalyticKind::nngp), p);
}

Entry dual_slope(std::string_view name, const Pair& p) {
  const auto architecture = make_architecture("fc:8:fan=one:bias=zero:sigma_b=1:trained=bias",
                                              "dense:trained=no", name, 2);
  return entry(*make_analytic_kernel(architecture, AnalyticKind::ntk), p);
}

// Two-dimensional trapezoid rule along the axes of the pair's Gaussian.
Moments trapezoid(const Activation& omega, const Pair& p) {
  constexpr double h = 0.05;
  constexpr Index half = 180, count = 2 * half + 1;
  const double angle = 0.5 * std::acos(p.rho);
  const Vector z = Vector::LinSpaced(count, -h * half, h * half);
  Moments sum = {0.0, 0.0};
  for (Index i = 0; i < count; ++i) {
    const Vector weight = (-0.5 * (z[i] * z[i] + z.array().square())).exp();
    Vector u = std::sqrt(p.q) * (std::cos(angle) * z[i] + std::sin(angle) * z.array());
    Vector v = std::sqrt(p.q_prime) * (std::cos(angle) * z[i] - std::sin(angle) * z.array());
    Vector u_slope(count), v_slope(count);
    omega.value_and_derivative(u.data(), count, u.data(), u_slope.data());
    omega.value_and_derivative(v.data(), count, v.data(), v_slope.data());
    sum.value += weight.dot(u.cwiseProduct(v));
    sum.slope += weight.dot(u_slope.cwiseProduct(v_slope));
  }
  const double norm = h * h / (2.0 * pi);
  return {norm * sum.value, norm * sum.slope};
}

// A kink rules out the trapezoid rule; the angle is exact here because rho is given.
Moments by_angle(const Slopes& slopes, const Pair& p) {
  const double energy =
      0.5 * (slopes.negative * slopes.negative + slopes.positive * slopes.positive);
  const double kink = std::pow(slopes.positive - slopes.negative, 2) / (2.0 * pi);
  const double theta = std::acos(p.rho);
  const double slope = energy - kink * theta;
  const double sine = std::sqrt((1.0 - p.rho) * (1.0 + p.rho));
  return {std::sqrt(p.q * p.q_prime) * (kink * sine + p.rho * slope), slope};
}

void expect_moments(std::string_view name, const Pair& p, const Moments& expected) {
  const Entry value = dual_value(name, p);
  const Entry slope = dual_slope(name, p);
  EXPECT_NEAR(value.value, expected.value, 1e-12 * value.scale)
      << name << " E at q " << p.q << ", " << p.q_prime << ", rho " << p.rho;
  EXPECT_NEAR(slope.value, expected.slope, 1e-12 * slope.scale)
      << name << " D at q " << p.q << ", " << p.q_prime << ", rho " << p.rho;
}

std::vector<std::string> names_with(bool slopes) {
  std::vector<std::string> names;
  for (const std::string& name : activation_names())
    if (activation(name).slopes().has_value() == slopes) names.push_back(name);
  return names;
}

TEST(Dual, smooth_activations_agree_with_two_dimensional_quadrature) {
  for (const std::string& name : names_with(false))
    for (const Pair& p : pairs) expect_moments(name, p, trapezoid(activation(name), p));
}

TEST(Dual, activations_with_a_kink_agree_with_the_arc_cosine_kernels) {
  std::vector<std::string> names = names_with(true);
  names.insert(names.end(), {"leaky_relu:0.3", "leaky_relu:-0.5", "leaky_relu:2"});
  for (const std::string& name : names)
    for (const Pair& p : pairs)
      if (p.q > 0.0) expect_moments(name, p, by_angle(*activation(name).slopes(), p));
}

// What an activation above sees of a smooth one: closed forms and series are the same function.
TEST(Dual, series_of_smooth_activations_serve_a_kink_above) {
  const Matrix x = normal_points(4, 6);
  for (const std::string& name : names_with(false)) {
    const std::string layers = "fc:8:activation=" + name + ", fc:8:activation=";
    const auto kernel_of = [&](const char* above) {
      const auto architecture = make_architecture(layers + above, "dense", "relu", 4);
      return kernel_matrix(*make_analytic_kernel(architecture, AnalyticKind::ntk), x, x);
    };
    // A leaky ReLU that hardly bends against the identity.
    const Matrix with_series = kernel_of("leaky_relu:0.999999999999");
    const Matrix with_formula = kernel_of("identity");
    EXPECT_LE((with_series - with_formula).cwiseAbs().maxCoeff(),
              4e-12 * with_formula.cwiseAbs().maxCoeff())
        << name;
  }
}

// Coefficients of many points are interpolated between a few deviations, those of a few integrated.
TEST(Dual, many_points_at_once_have_the_kernel_of_a_few) {
  constexpr Index count = 300, few = 20;
  for (const std::string& name : names_with(false))
    for (const double spread : {0.0, 0.1, 0.7}) {
      Matrix x = normal_points(5, count).colwise().normalized() * std::sqrt(5.0);
      for (Index j = 0; j < count; ++j) x.col(j) *= 1.0 + spread * std::sin(static_cast<double>(j));
      x.col(3).setZero();
      x.col(4) = -x.col(5);
      x.col(6) = (1.0 + 1e-9) * x.col(7);
      const auto architecture = make_architecture("fc:8, fc:8", "dense", name, 5);
      const auto kernel = make_analytic_kernel(architecture, AnalyticKind::ntk);
      const Matrix whole = kernel_matrix(*kernel, x, x), part = x.leftCols(few);
      const Matrix expected = kernel_matrix(*kernel, part, part);
      const Vector root = expected.diagonal().cwiseSqrt();
      EXPECT_LE(((whole.topLeftCorner(few, few) - expected).array().abs() -
                 1e-13 * (root * root.transpose()).array())
                    .maxCoeff(),
                0.0)
          << name << ", spread " << spread;
    }
}

// omega'(0) = 0: a zero input behind a bias that starts at zero has no slope.
TEST(Dual, relu_has_no_slope_at_a_zero_input) {
  EXPECT_EQ(dual_slope("relu", {0.0, 2.0, 0.0}).value, 0.0);
  EXPECT_EQ(dual_slope("relu", {0.0, 0.0, 0.0}).value, 0.0);
}

}  // namespace
}  // namespace ntkflow
