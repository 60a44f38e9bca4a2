#include "ntkflow/input/fourier_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;

TEST(FourierSeries, adds_cosines_and_sines) {
  const FourierSeries series({0.5, 0, 2}, {-1});

  EXPECT_EQ(series.degree(), 3u);
  EXPECT_NEAR(series(0.3), 1 + 0.5 * std::cos(0.3) + 2 * std::cos(0.9) - std::sin(0.3), 1e-15);
  EXPECT_EQ(FourierSeries()(0.3), 1);
}

TEST(FourierSeries, integral_and_slope_belong_to_it) {
  const FourierSeries series({0.5, 0, 2}, {-1, 0.25});
  const double h = 1e-4;

  EXPECT_NEAR(series.integral(-pi), 0, 1e-15);
  EXPECT_NEAR(series.integral(pi), 2 * pi, 1e-14);
  for (const double a : {-2.0, 0.1, 1.7}) {
    EXPECT_NEAR((series.integral(a + h) - series.integral(a - h)) / (2 * h), series(a), 1e-7);
    EXPECT_NEAR((series(a + h) - series(a - h)) / (2 * h), series.slope(a), 1e-6);
  }
}

TEST(FourierSeries, is_positive_exactly_below_the_known_amplitudes) {
  for (const double below : {0.5, 0.999, 1 - 1e-9}) {
    EXPECT_TRUE(FourierSeries({0, 0, below}).is_positive());
    EXPECT_TRUE(FourierSeries({0.6 * below}, {0.8 * below}).is_positive());
  }
  for (const double above : {1.0, 1 + 1e-9, 3.0}) {
    EXPECT_FALSE(FourierSeries({0, 0, above}).is_positive());
    EXPECT_FALSE(FourierSeries({0.6 * above}, {0.8 * above}).is_positive());
  }
  EXPECT_TRUE(FourierSeries().is_positive());
}

}  // namespace
}  // namespace ntkflow
