#include "ntkflow/input/circle_density.hpp"

#include "ntkflow/base/random.hpp"

#include "input/support.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;
const double nan = std::numeric_limits<double>::quiet_NaN();

TEST(WrapAngle, keeps_angles_in_range_and_brings_others_there) {
  EXPECT_EQ(wrap_angle(-pi), -pi);
  EXPECT_EQ(wrap_angle(1.25), 1.25);
  EXPECT_EQ(wrap_angle(pi), -pi);
  EXPECT_NEAR(wrap_angle(2 * pi + 1), 1, 1e-15);
  EXPECT_NEAR(wrap_angle(-4 * pi - 1), -1, 1e-15);
  for (double a = -20; a < 20; a += 0.01) {
    EXPECT_GE(wrap_angle(a), -pi);
    EXPECT_LT(wrap_angle(a), pi);
  }
}

TEST(CircleDensity, arcs_carry_the_normalised_density) {
  const auto density = CircleDensity::piecewise({-pi, -pi / 3, pi / 3}, {1, 2, 4});

  ASSERT_EQ(density.arcs().size(), 3u);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(density.arcs()[j].length, 2 * pi / 3, 1e-15);
    EXPECT_NEAR(density.arcs()[j].density, 3 / (2 * pi) * std::pow(2, j) / 7, 1e-15);
  }
}

TEST(CircleDensity, quantile_inverts_the_distribution_function) {
  // Density 3 : 1 : 2 on arcs of length 1, 2 and 2 pi - 3 that wrap past pi.
  const auto density = CircleDensity::piecewise({0.5, 1.5, 3.5}, {3, 1, 2});
  const double total = 3 + 2 + 2 * (2 * pi - 3);

  EXPECT_NEAR(density.quantile(1.5 / total), 1.0, 1e-14);
  EXPECT_NEAR(density.quantile(3 / total), 1.5, 1e-14);
  EXPECT_NEAR(density.quantile(4 / total), 2.5, 1e-14);
  EXPECT_NEAR(density.quantile(5 / total), 3.5 - 2 * pi, 1e-14);
  EXPECT_NEAR(density.quantile(1 - 2 / total), -0.5, 1e-14);
  EXPECT_NEAR(density.quantile(0x1p-54), 0.5, 1e-14);
  EXPECT_NEAR(density.quantile(1 - 0x1p-53), 0.5, 1e-14);
}

TEST(CircleDensity, uniform_covers_the_half_open_interval) {
  const auto density = CircleDensity::uniform();

  EXPECT_NEAR(density.quantile(0.25), -pi / 2, 1e-15);
  for (const double u : {0x1p-54, 0.5, 1 - 0x1p-53}) {
    EXPECT_GE(density.quantile(u), -pi);
    EXPECT_LT(density.quantile(u), pi);
  }
}

// The density of [B20], (3 cos(2a + pi) + 4.5) / (9 pi).
CircleDensity b20() {
  return CircleDensity::fourier({0, -2.0 / 3}, {});
}

TEST(CircleDensity, expresses_the_published_smooth_density) {
  for (double a = -4; a < 4; a += 0.1)
    EXPECT_NEAR(b20()(a), (3 * std::cos(2 * a + pi) + 4.5) / (9 * pi), 1e-15);
}

TEST(CircleDensity, distribution_and_quantile_are_inverse_and_monotone) {
  for (const CircleDensity& density :
       {CircleDensity::uniform(), CircleDensity::piecewise({0.5, 1.5, 3.5}, {3, 1, 2}), b20(),
        CircleDensity::fourier({0.3}, {-0.2, 0, 0.4})}) {
    double before = -1;
    for (double u = 0.001; u < 1; u += 0.001) {
      const double angle = density.quantile(u);
      const double along = wrap_angle(angle - density.arcs()[0].first - pi) + pi;
      EXPECT_NEAR(density.distribution(angle), u, 1e-15);
      EXPECT_GT(along, before);
      before = along;
    }
  }
  EXPECT_LE(b20().quantile(0.5), b20().quantile(std::nextafter(0.5, 1)));
}

TEST(CircleDensity, distribution_is_the_integral_of_the_density) {
  for (const CircleDensity& density : {CircleDensity::piecewise({-1, 2}, {1, 3}), b20()})
    for (const double a : {-0.5, 0.3, 1.7, 2.9}) {
      const double h = 1e-3;
      const double slope = (density.distribution(a + h) - density.distribution(a - h)) / (2 * h);
      EXPECT_NEAR(slope, density(a), 1e-6);
    }
}

TEST(CircleDensity, regions_are_the_arcs_in_any_period) {
  const auto density = CircleDensity::piecewise({0.5, 1.5, 3.5}, {3, 1, 2});

  for (const double turns : {-2 * pi, 0.0, 2 * pi}) {
    EXPECT_EQ(density.region(0.51 + turns), 0);
    EXPECT_EQ(density.region(3.4 + turns), 1);
    EXPECT_EQ(density.region(3.6 + turns), 2);
    EXPECT_EQ(density.region(0.49 + turns), 2);
  }
  EXPECT_EQ(density.region(0.5), 0);
  EXPECT_EQ(b20().region(1), 0);
}

// Kolmogorov's distance of 4,000 points is below 1.95 / sqrt(n) in all but 1 of 1,000 samples; the
// seed is fixed.
TEST(CircleDensity, samples_follow_the_distribution_function) {
  for (const CircleDensity& density : {CircleDensity::piecewise({-pi, 0, 1}, {1, 4, 2}), b20()}) {
    const RandomStream stream(5, RandomPurpose::test);
    constexpr Index n = 4000;
    std::vector<double> values;
    for (Index i = 0; i < n; ++i)
      values.push_back(density.distribution(density.quantile(stream.uniform(i))));
    std::sort(values.begin(), values.end());

    double distance = 0;
    for (Index i = 0; i < n; ++i)
      distance = std::max(distance, std::abs(values[static_cast<std::size_t>(i)] -
                                             (static_cast<double>(i) + 0.5) / n));

    EXPECT_LT(distance, 1.95 / std::sqrt(static_cast<double>(n)));
  }
}

TEST(CircleDensity, refuses_a_fourier_series_that_is_no_density) {
  const auto with = [](std::vector<double> cosines, std::vector<double> sines = {}) {
    return CircleDensity::fourier(cosines, sines);
  };

  EXPECT_MESSAGE(ConfigError, with({}), "input.cos and input.sin are empty");
  EXPECT_MESSAGE(ConfigError, with({1}), "is not positive everywhere");
  EXPECT_MESSAGE(ConfigError, with({0, 0, 0, 0, 0, 0, 0, 0, 0, 1.0001}), "is not positive");
  EXPECT_MESSAGE(ConfigError, with({0.8}, {0.7}), "is not positive everywhere");
  EXPECT_MESSAGE(ConfigError, with({nan}), "input.cos has nan");
  EXPECT_MESSAGE(ConfigError, with({}, {1 / 0.0}), "input.sin has inf");
  EXPECT_NO_THROW(with({0.9999999}));
  EXPECT_NO_THROW(with({0, 0, 0, 0, 0, 0, 0, 0, 0, 0.9999}));
  EXPECT_NO_THROW(with({0.6}, {0.7}));
}

TEST(CircleDensity, refuses_edges_that_are_no_division_of_one_period) {
  const auto with_edges = [](std::vector<double> edges) {
    return CircleDensity::piecewise(edges, std::vector<double>(edges.size(), 1.0));
  };

  EXPECT_MESSAGE(ConfigError, with_edges({}), "input.edges is empty");
  EXPECT_MESSAGE(ConfigError, with_edges({0, 0}), "not above the edge before it");
  EXPECT_MESSAGE(ConfigError, with_edges({1, 0}), "not above the edge before it");
  EXPECT_MESSAGE(ConfigError, with_edges({-pi, 0, pi}), "need less than 2 pi");
  EXPECT_MESSAGE(ConfigError, with_edges({0, nan}), "input.edges[1] = nan");
  EXPECT_MESSAGE(ConfigError, with_edges({-90, 90}), "need an angle in radians");
}

TEST(CircleDensity, refuses_weights_that_are_no_density) {
  const auto with_weights = [](std::vector<double> weights) {
    return CircleDensity::piecewise({-1, 1}, weights);
  };

  EXPECT_MESSAGE(ConfigError, with_weights({1}), "input.weights has 1 values and input.edges 2");
  EXPECT_MESSAGE(ConfigError, with_weights({1, 2, 3}), "input.weights has 3 values");
  EXPECT_MESSAGE(ConfigError, with_weights({1, 0}), "input.weights[1] = 0");
  EXPECT_MESSAGE(ConfigError, with_weights({-1, 1}), "input.weights[0] = -1");
  EXPECT_MESSAGE(ConfigError, with_weights({1, nan}), "input.weights[1] = nan");
  EXPECT_MESSAGE(ConfigError, with_weights({1, 1 / 0.0}), "input.weights[1] = inf");
  EXPECT_MESSAGE(ConfigError, with_weights({1e-300, 1e300}), "range from 1e-300 to 1e+300");
}

}  // namespace
}  // namespace ntkflow
