#include "ntkflow/flow/phi_functions.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

TEST(Phi, is_one_over_k_factorial_at_zero) {
  EXPECT_EQ(phi(1, 0.0), 1.0);
  EXPECT_EQ(phi(2, 0.0), 0.5);
  EXPECT_EQ(phi(3, 0.0), 1.0 / 6);
}

TEST(Phi, is_the_mean_of_the_exponential) {
  // phi_k(x) = int_0^1 e^{(1-s) x} s^{k-1}/(k-1)! ds, by the midpoint rule.
  for (double x : {-1e-9, -0.3, -0.999999, -1.0, -1.000001, -7.0, -60.0}) {
    constexpr int n = 20000;
    double integral[3] = {};
    for (int i = 0; i < n; ++i) {
      const double s = (i + 0.5) / n, e = std::exp((1 - s) * x) / n;
      integral[0] += e;
      integral[1] += e * s;
      integral[2] += e * s * s / 2;
    }
    for (int k = 1; k <= 3; ++k) EXPECT_NEAR(phi(k, x), integral[k - 1], 2e-6 * phi(k, x)) << x;
  }
}

TEST(Phi, has_no_seam_between_series_and_recursion) {
  for (int k = 1; k <= 3; ++k) {
    const double below = phi(k, -1.0 + 1e-12), at = phi(k, -1.0);
    EXPECT_NEAR(below, at, 1e-12) << k;
  }
}

TEST(Phi, vanishes_slowly_at_minus_infinity) {
  EXPECT_NEAR(phi(1, -1e12), 1e-12, 1e-26);
  EXPECT_EQ(phi(1, -1e308), 1e-308);
}

}  // namespace
}  // namespace ntkflow
