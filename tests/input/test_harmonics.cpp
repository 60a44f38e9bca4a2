#include "ntkflow/input/harmonics.hpp"

#include "ntkflow/input/sphere_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;

double at(Index degree, Index order, const Vector& u) {
  return spherical_harmonic(degree, order, u[0], u[1], u[2]);
}

TEST(Harmonics, multiplicities_are_the_known_ones) {
  EXPECT_EQ(harmonic_multiplicity(2, 0), 1);
  for (Index l = 1; l < 100; ++l) {
    EXPECT_EQ(harmonic_multiplicity(2, l), 2);
    EXPECT_EQ(harmonic_multiplicity(3, l), 2 * l + 1);
    EXPECT_EQ(harmonic_multiplicity(4, l), (l + 1) * (l + 1));
  }
  EXPECT_EQ(harmonic_multiplicity(784, 1), 784);
  EXPECT_EQ(harmonic_multiplicity(784, 2), 784 * 785 / 2 - 1);
}

TEST(Harmonics, low_degrees_are_the_textbook_polynomials) {
  const Vector u = Eigen::Vector3d(0.48, -0.6, 0.64);
  const double x = u[0], y = u[1], z = u[2];

  EXPECT_EQ(at(0, 0, u), 1);
  EXPECT_NEAR(at(1, 1, u), std::sqrt(3) * x, 1e-15);
  EXPECT_NEAR(at(1, -1, u), std::sqrt(3) * y, 1e-15);
  EXPECT_NEAR(at(1, 0, u), std::sqrt(3) * z, 1e-15);
  EXPECT_NEAR(at(2, 0, u), std::sqrt(5) * (3 * z * z - 1) / 2, 1e-15);
  EXPECT_NEAR(at(2, -2, u), std::sqrt(15) * x * y, 1e-15);
  EXPECT_NEAR(at(2, 1, u), std::sqrt(15) * x * z, 1e-15);
  EXPECT_NEAR(at(3, 3, u), std::sqrt(35.0 / 8) * x * (x * x - 3 * y * y), 1e-14);
  EXPECT_NEAR(at(3, 2, u), std::sqrt(105.0 / 4) * z * (x * x - y * y), 1e-14);
}

// The grid is exact up to degree 81, the product of two harmonics of degree 40 has degree 80.
TEST(Harmonics, of_the_sphere_are_orthonormal_up_to_degree_40) {
  const SphereGrid grid = sphere_grid({3, {}}, 82 * 41);
  ASSERT_GE(grid.degree, 80);
  const std::vector<std::pair<Index, Index>> chosen = {{0, 0},   {1, -1},   {7, 3},    {20, 0},
                                                       {39, 17}, {39, -17}, {40, 0},   {40, 1},
                                                       {40, 17}, {40, 40},  {40, -40}, {40, 39}};
  const Index n = count_of(chosen);
  Matrix values(grid.count(), n);
  Vector weights(grid.count());
  for (Index i = 0; i < grid.count(); ++i) {
    weights[i] = grid.weight(i);
    for (Index j = 0; j < n; ++j) {
      const auto& [degree, order] = chosen[static_cast<std::size_t>(j)];
      values(i, j) = at(degree, order, grid.direction(i));
    }
  }

  const Matrix gram = values.transpose() * weights.asDiagonal() * values;

  EXPECT_LT((gram - Matrix::Identity(n, n)).cwiseAbs().maxCoeff(), 1e-12);
}

// Addition theorem: the squares of all harmonics of a degree sum to its multiplicity everywhere.
TEST(Harmonics, squares_of_a_degree_sum_to_its_multiplicity) {
  for (const Index degree : {1, 5, 40})
    for (const Vector& u : {Vector(Eigen::Vector3d(0, 0, 1)), Vector(Eigen::Vector3d(0.6, 0, -0.8)),
                            Vector(Eigen::Vector3d(0.48, -0.6, 0.64))}) {
      double sum = 0;
      for (Index order = -degree; order <= degree; ++order)
        sum += std::pow(at(degree, order, u), 2);
      EXPECT_NEAR(sum, static_cast<double>(2 * degree + 1), 1e-11 * static_cast<double>(degree));
    }
}

TEST(Harmonics, on_the_circle_are_cosines_about_the_axis) {
  for (const Index degree : {1, 2, 17, 40})
    for (const double angle : {0.1, 1.0, 2.5, pi})
      EXPECT_NEAR(zonal_harmonic(2, degree, std::cos(angle)),
                  std::numbers::sqrt2 * std::cos(static_cast<double>(degree) * angle), 1e-12);
  EXPECT_EQ(zonal_harmonic(2, 0, 0.3), 1);
}

// The height t on S^{d-1} has the density (1 - t^2)^{(d-3)/2}; with t = cos a the integrand is a
// trigonometric polynomial in a, which the midpoint rule integrates exactly.
TEST(Harmonics, zonal_ones_are_orthonormal_in_any_dimension) {
  for (const Index d : {2, 3, 4, 6, 10}) {
    constexpr int n = 400;
    double mass = 0;
    Matrix gram = Matrix::Zero(4, 4);
    const std::vector<Index> degrees = {0, 3, 12, 40};
    for (int i = 0; i < n; ++i) {
      const double a = pi * (i + 0.5) / n;
      const double weight = std::pow(std::sin(a), static_cast<double>(d - 2));
      Vector values(4);
      for (Index j = 0; j < 4; ++j)
        values[j] = zonal_harmonic(d, degrees[static_cast<std::size_t>(j)], std::cos(a));
      mass += weight;
      gram += weight * values * values.transpose();
    }
    // For odd d the integrand |sin|^(odd) is not smooth as a periodic function.
    const double tolerance = d % 2 == 0 ? 1e-11 : 1e-2;
    EXPECT_LT((gram / mass - Matrix::Identity(4, 4)).cwiseAbs().maxCoeff(), tolerance) << d;
  }
}

TEST(Harmonics, sums_are_linear_and_zonal_about_the_last_axis) {
  const Vector u = Eigen::Vector3d(0.48, -0.6, 0.64), v = Eigen::Vector4d(0.1, 0.7, -0.5, 0.5);

  EXPECT_NEAR((HarmonicSum{3, {2, 5}, {-1, 3}, {0.5, -2}})(u), 0.5 * at(2, -1, u) - 2 * at(5, 3, u),
              1e-14);
  EXPECT_NEAR((HarmonicSum{4, {1, 0}, {0, 0}, {3, 1}})(v), 3 * 2 * 0.5 + 1, 1e-14);
}

}  // namespace
}  // namespace ntkflow
