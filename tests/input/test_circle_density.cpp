#include "ntkflow/input/circle_density.hpp"

#include "input/support.hpp"

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
