// The duals E and D, seen through networks of one layer whose kernels they are.

#include "support/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
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
Moments trapezoid(const std::function<double(double)>& omega,
                  const std::function<double(double)>& omega_prime, const Pair& p) {
  constexpr double h = 0.05;
  const double angle = 0.5 * std::acos(p.rho);
  Moments sum = {0.0, 0.0};
  for (int i = -180; i <= 180; ++i)
    for (int j = -180; j <= 180; ++j) {
      const double a = std::cos(angle) * i * h;
      const double b = std::sin(angle) * j * h;
      const double weight = std::exp(-0.5 * h * h * (i * i + j * j));
      const double u = std::sqrt(p.q) * (a + b);
      const double v = std::sqrt(p.q_prime) * (a - b);
      sum.value += weight * omega(u) * omega(v);
      sum.slope += weight * omega_prime(u) * omega_prime(v);
    }
  const double norm = h * h / (2.0 * pi);
  return {norm * sum.value, norm * sum.slope};
}

void expect_moments(std::string_view name, const Pair& p, const Moments& expected) {
  const Entry value = dual_value(name, p);
  const Entry slope = dual_slope(name, p);
  EXPECT_NEAR(value.value, expected.value, 1e-12 * value.scale)
      << name << " E at q " << p.q << ", " << p.q_prime << ", rho " << p.rho;
  EXPECT_NEAR(slope.value, expected.slope, 1e-12 * slope.scale)
      << name << " D at q " << p.q << ", " << p.q_prime << ", rho " << p.rho;
}

TEST(Dual, tanh_agrees_with_two_dimensional_quadrature) {
  const auto tanh = [](double z) { return std::tanh(z); };
  const auto prime = [](double z) { return 1.0 / (std::cosh(z) * std::cosh(z)); };
  for (const Pair& p : pairs) expect_moments("tanh", p, trapezoid(tanh, prime, p));
}

TEST(Dual, erf_agrees_with_two_dimensional_quadrature) {
  const auto erf = [](double z) { return std::erf(z); };
  const auto prime = [](double z) { return 2.0 / std::sqrt(pi) * std::exp(-z * z); };
  for (const Pair& p : pairs) expect_moments("erf", p, trapezoid(erf, prime, p));
}

// The kink rules out the trapezoid rule; the angle is exact here because rho is given.
TEST(Dual, relu_agrees_with_the_arc_cosine_kernels) {
  for (const Pair& p : pairs) {
    if (p.q == 0.0) continue;
    const double theta = std::acos(p.rho);
    const double sine = std::sqrt((1.0 - p.rho) * (1.0 + p.rho));
    const double value = std::sqrt(p.q * p.q_prime) * (sine + (pi - theta) * p.rho) / (2.0 * pi);
    expect_moments("relu", p, {value, (pi - theta) / (2.0 * pi)});
  }
}

// omega'(0) = 0: a zero input behind a bias that starts at zero has no slope.
TEST(Dual, relu_has_no_slope_at_a_zero_input) {
  EXPECT_EQ(dual_slope("relu", {0.0, 2.0, 0.0}).value, 0.0);
  EXPECT_EQ(dual_slope("relu", {0.0, 0.0, 0.0}).value, 0.0);
}

}  // namespace
}  // namespace ntkflow
