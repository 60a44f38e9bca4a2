#include "ntkflow/spectrum/density_approximation.hpp"

#include "spectrum/angles.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(DensityApproximation, is_exact_for_the_uniform_density) {
  const DensityApproximation approximation(CircleDensity::uniform());
  const Vector uniform = Vector::NullaryExpr(20, [](Index q) { return relu_circle_eigenvalue(q); });

  EXPECT_NEAR(approximation.z(), 1 / std::sqrt(2 * pi), 1e-15);
  EXPECT_LT((approximation.eigenvalues(uniform) - uniform).norm(), 1e-15);
  for (const double x : {-pi, -1.0, 0.0, 2.0})
    EXPECT_NEAR(approximation.stretched_angle(x), x + pi, 1e-14);
}

// Z of the densities in the reference files, and the formula's values there.
TEST(DensityApproximation, knows_the_formula_s_values_on_arcs) {
  const DensityApproximation halves(CircleDensity::piecewise({-pi, 0}, {1, 2}));
  const DensityApproximation arcs(CircleDensity::piecewise({-pi, -pi / 3, pi / 3}, {1, 2, 4}));
  const Vector uniform = Vector::NullaryExpr(5, [](Index q) { return relu_circle_eigenvalue(q); });

  EXPECT_NEAR(halves.z(), 0.39319693694853025, 1e-14);
  EXPECT_NEAR(arcs.z(), 0.3842852888803236, 1e-14);
  EXPECT_NEAR(halves.eigenvalues(uniform)[0], 0.17063749301991155, 1e-14);
  EXPECT_NEAR(halves.eigenvalues(uniform)[1], 0.10992471047047209, 1e-14);
  EXPECT_NEAR(arcs.eigenvalues(uniform)[0], 0.16299028847622607, 1e-14);
}

TEST(DensityApproximation, stretches_angles_once_round_wherever_arcs_begin) {
  const CircleDensity density = CircleDensity::piecewise({-2.5, 0.7, 3.0}, {1, 5, 2});
  const DensityApproximation approximation(density);

  EXPECT_NEAR(approximation.stretched_angle(-pi), 0, 1e-15);
  EXPECT_NEAR(approximation.stretched_angle(pi), 2 * pi, 1e-13);
  const Matrix frequencies = approximation.local_frequencies(4);
  for (std::size_t j = 0; j < 3; ++j) {
    const CircleDensity::Arc& arc = density.arcs()[j];
    const double inside = wrap_angle(arc.first + 0.01), further = wrap_angle(arc.first + 0.1);
    const double slope =
        (approximation.stretched_angle(further) - approximation.stretched_angle(inside)) / 0.09;
    EXPECT_NEAR(frequencies(3, static_cast<Index>(j)), 3 * slope, 1e-11);
  }
}

}  // namespace
}  // namespace ntkflow
