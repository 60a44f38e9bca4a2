#include "ntkflow/input/sphere_grid.hpp"

#include "ntkflow/input/harmonics.hpp"

#include "input/support.hpp"

#include <cmath>

namespace ntkflow {
namespace {

double mean(const SphereGrid& grid, const HarmonicSum& function) {
  double sum = 0;
  for (Index i = 0; i < grid.count(); ++i) sum += grid.weight(i) * function(grid.direction(i));
  return sum;
}

HarmonicSum harmonic(Index degree, Index order) {
  return {3, {degree}, {order}, {1}};
}

TEST(SphereGrid, is_the_largest_product_grid_that_fits) {
  for (const Index n : {1, 2, 3, 50, 1000, 4096}) {
    const SphereGrid grid = sphere_grid({3, {}}, n);
    EXPECT_LE(grid.count(), n);
    EXPECT_GT((grid.degree + 2) * ((grid.degree + 1) / 2 + 1), n);
  }
  EXPECT_EQ(sphere_grid({3, {}}, 50).degree, 9);
  EXPECT_EQ(sphere_grid({3, 2.0}, 100).degree, 9);
}

TEST(SphereGrid, integrates_harmonics_up_to_its_degree_exactly) {
  const SphereGrid grid = sphere_grid({3, {}}, 300);

  for (Index degree = 1; degree <= grid.degree; ++degree)
    for (Index order = -degree; order <= degree; ++order)
      EXPECT_NEAR(mean(grid, harmonic(degree, order)), 0, 1e-13) << degree << " " << order;
  EXPECT_NEAR(mean(grid, harmonic(0, 0)), 1, 1e-14);
}

// On the half z >= 0 of the uniform measure z has mean 1/2, z^2 1/3 and z^7 1/8.
TEST(SphereGrid, is_exact_on_each_hemisphere) {
  for (const double ratio : {1.0, 3.0, 0.25}) {
    const SphereGrid grid = sphere_grid({3, ratio}, 200);
    double mass = 0, first = 0, seventh = 0;
    for (Index i = 0; i < grid.count(); ++i) {
      const double z = grid.direction(i)[2];
      EXPECT_GT(std::abs(z), 1e-3);
      if (z < 0) continue;
      mass += grid.weight(i);
      first += grid.weight(i) * z;
      seventh += grid.weight(i) * std::pow(z, 7);
    }

    EXPECT_NEAR(mass, ratio / (1 + ratio), 1e-14);
    EXPECT_NEAR(first / mass, 0.5, 1e-14);
    EXPECT_NEAR(seventh / mass, 0.125, 1e-14);
    EXPECT_NEAR(mean(grid, harmonic(2, 0)), 0, 1e-14);
    EXPECT_NEAR(mean(grid, harmonic(1, 0)), std::sqrt(3) * (ratio - 1) / (ratio + 1) / 2, 1e-14);
    EXPECT_NEAR(mean(grid, harmonic(3, 2)), 0, 1e-14);
  }
}

TEST(SphereGrid, refuses_fewer_nodes_than_halves) {
  EXPECT_MESSAGE(ConfigError, sphere_grid({3, {}}, 0), "reference.points = 0, need >= 1");
  EXPECT_MESSAGE(ConfigError, sphere_grid({3, 2.0}, 1), "reference.points = 1, need >= 2");
}

}  // namespace
}  // namespace ntkflow
