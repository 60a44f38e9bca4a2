#include "ntkflow/input/circle_quadrature.hpp"

#include "input/support.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;

CircleDensity halves() {
  return CircleDensity::piecewise({-pi, 0}, {1, 2});
}
CircleDensity three_arcs() {
  return CircleDensity::piecewise({-pi, -pi / 3, pi / 3}, {1, 2, 4});
}
CircleDensity uneven() {
  return CircleDensity::piecewise({0.3, 0.35, 2.0, 5.1}, {1, 20, 3, 0.5});
}

// int exp(i q a) p(a) da, arc by arc.
std::complex<double> exact_moment(const CircleDensity& density, int q) {
  std::complex<double> sum = 0;
  const std::complex<double> iq(0, q);
  for (const auto& arc : density.arcs())
    sum += q == 0 ? arc.density * arc.length
                  : arc.density * (std::exp(iq * arc.end()) - std::exp(iq * arc.first)) / iq;
  return sum;
}

std::complex<double> moment(const WeightedAngles& rule, int q) {
  std::complex<double> sum = 0;
  for (Index i = 0; i < rule.angles.size(); ++i)
    sum += rule.weights[i] * std::exp(std::complex<double>(0, q * rule.angles[i]));
  return sum;
}

void expect_proper(const WeightedAngles& rule, Index n) {
  ASSERT_EQ(rule.angles.size(), n);
  ASSERT_EQ(rule.weights.size(), n);
  EXPECT_NEAR(rule.weights.sum(), 1, 1e-14);
  EXPECT_GT(rule.weights.minCoeff(), 0);
  EXPECT_GE(rule.angles[0], -pi);
  EXPECT_LT(rule.angles[n - 1], pi);
  for (Index i = 1; i < n; ++i) EXPECT_LT(rule.angles[i - 1], rule.angles[i]);
}

TEST(CircleQuadrature, uniform_density_has_equispaced_angles_and_equal_weights) {
  for (const Index n : {1, 2, 7, 64, 1000}) {
    const WeightedAngles rule = circle_quadrature(CircleDensity::uniform(), n);
    expect_proper(rule, n);
    EXPECT_EQ(rule.angles[0], -pi);
    for (Index i = 0; i < n; ++i) {
      EXPECT_EQ(rule.weights[i], 1.0 / static_cast<double>(n));
      EXPECT_NEAR(rule.angles[i], -pi + 2 * pi * static_cast<double>(i) / static_cast<double>(n),
                  1e-15 * 4);
    }
    for (int q = 1; q < n && q < 50; ++q) EXPECT_LT(std::abs(moment(rule, q)), 1e-13);
  }
}

TEST(CircleQuadrature, integrates_trigonometric_polynomials_against_each_density) {
  for (const CircleDensity& density : {halves(), three_arcs(), uneven()})
    for (const Index n : {256, 300, 1000}) {
      const WeightedAngles rule = circle_quadrature(density, n);
      expect_proper(rule, n);
      for (int q = 0; q <= 16; ++q)
        EXPECT_LT(std::abs(moment(rule, q) - exact_moment(density, q)), 2e-14) << n << " " << q;
    }
}

TEST(CircleQuadrature, has_exactly_the_points_asked_for) {
  for (Index n = 6; n <= 200; ++n) expect_proper(circle_quadrature(three_arcs(), n), n);
  expect_proper(circle_quadrature(three_arcs(), 4096), 4096);
}

TEST(CircleQuadrature, panels_end_at_edges_and_at_their_antipodes) {
  // A function with a jump at every edge and at every antipode: any panel across one shows.
  const auto density = three_arcs();
  const WeightedAngles rule = circle_quadrature(density, 96);

  for (int piece = 0; piece < 6; ++piece) {
    const double from = -pi + piece * pi / 3, to = from + pi / 3;
    double mass = 0, square = 0;
    for (Index i = 0; i < rule.angles.size(); ++i)
      if (from < rule.angles[i] && rule.angles[i] < to) {
        mass += rule.weights[i];
        square += rule.weights[i] * rule.angles[i] * rule.angles[i];
      }
    const double p = density.arcs()[static_cast<std::size_t>(piece / 2)].density;
    EXPECT_NEAR(mass, p * pi / 3, 1e-14);
    EXPECT_NEAR(square, p * (to * to * to - from * from * from) / 3, 1e-13);
  }
}

TEST(CircleQuadrature, edges_written_with_few_digits_make_no_sliver_of_a_panel) {
  const WeightedAngles rule =
      circle_quadrature(CircleDensity::piecewise({-3.14159, 0}, {1, 2}), 64);

  for (Index i = 1; i < 64; ++i) EXPECT_GT(rule.angles[i] - rule.angles[i - 1], 1e-3);
}

TEST(CircleQuadrature, panels_follow_each_other_once_round_and_hold_every_node) {
  const WeightedAngles rule = circle_quadrature(three_arcs(), 200);

  ASSERT_EQ(rule.rule, CircleRule::panels);
  Index nodes = 0;
  double length = 0, end = rule.panels.front().first;
  for (const CirclePanel& panel : rule.panels) {
    EXPECT_NEAR(panel.first, end, 1e-14);
    end = panel.first + panel.length;
    length += panel.length;
    Index inside = 0;
    for (const double angle : rule.angles)
      if (std::abs(wrap_angle(angle - panel.first - panel.length / 2)) < panel.length / 2) ++inside;
    EXPECT_EQ(inside, panel.nodes);
    nodes += panel.nodes;
  }
  EXPECT_EQ(nodes, 200);
  EXPECT_NEAR(length, 2 * pi, 1e-13);
  EXPECT_EQ(circle_quadrature(CircleDensity::uniform(), 64).rule, CircleRule::equispaced);
}

// A dense arc and its antipode, which has as many panels.
TEST(CircleQuadrature, panels_shrink_with_the_root_of_the_density) {
  const WeightedAngles rule =
      circle_quadrature(CircleDensity::piecewise({0.2, 1.5, 1.9}, {1, 100, 1}), 800);

  double shortest_dense = 7, longest_dense = 0, longest = 0;
  for (const CirclePanel& panel : rule.panels) {
    const double middle = panel.first + panel.length / 2;
    const bool is_dense = std::abs(std::remainder(middle - 1.7, pi)) < 0.2;
    if (is_dense) {
      shortest_dense = std::min(shortest_dense, panel.length);
      longest_dense = std::max(longest_dense, panel.length);
    } else {
      longest = std::max(longest, panel.length);
    }
  }
  EXPECT_GT(shortest_dense, 0.05 * longest);
  EXPECT_LT(longest_dense, 0.2 * longest);
}

TEST(CircleQuadrature, refuses_fewer_points_than_pieces) {
  EXPECT_MESSAGE(ConfigError, circle_quadrature(three_arcs(), 5),
                 "reference.points = 5, need >= 6");
  EXPECT_MESSAGE(ConfigError, circle_quadrature(halves(), 1), "need >= 2");
}

// The mean of cos(q a) over 1 + sum c_j cos(j a) + s_j sin(j a) is c_q / 2, of sin(q a) s_q / 2.
TEST(CircleQuadrature, is_exact_for_a_fourier_density) {
  const auto density = CircleDensity::fourier({0.3, 0, -0.25}, {0.1});
  const WeightedAngles rule = circle_quadrature(density, 24);

  ASSERT_EQ(rule.angles.size(), 24);
  EXPECT_EQ(rule.rule, CircleRule::equispaced);
  EXPECT_GT(rule.weights.minCoeff(), 0);
  EXPECT_NEAR(std::abs(moment(rule, 0) - 1.0), 0, 1e-15);
  EXPECT_NEAR(std::abs(moment(rule, 1) - std::complex<double>(0.15, 0.05)), 0, 1e-15);
  EXPECT_NEAR(std::abs(moment(rule, 3) - std::complex<double>(-0.125, 0)), 0, 1e-15);
  for (const int q : {2, 4, 10, 20}) EXPECT_NEAR(std::abs(moment(rule, q)), 0, 1e-15) << q;
  EXPECT_MESSAGE(ConfigError, circle_quadrature(density, 3), "the highest frequency");
}

}  // namespace
}  // namespace ntkflow
