#include "ntkflow/spectrum/circle_kernel.hpp"

#include "ntkflow/spectrum/funk_hecke.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"
#include "ntkflow/spectrum/nystrom.hpp"
#include "spectrum/angles.hpp"
#include "spectrum/networks.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ntkflow {
namespace {

CircleQuadraturePoints quadrature_points(const CircleDensity& density, Index n) {
  return {density, circle_quadrature(density, n), {{1}, {1.0}, {0.0}}, 1.0};
}

CircleDensity halves() {
  return CircleDensity::piecewise({-pi, 0}, {1, 2});
}
CircleDensity four_arcs() {
  return CircleDensity::piecewise({-3, -1.7, 0.4, 1.1}, {1, 3, 0.5, 4});
}

KernelSpectrum fitted_spectrum(const std::shared_ptr<const Kernel>& kernel,
                               const CircleQuadraturePoints& points, Index pairs) {
  return kernel_spectrum(ProcessGrid(world()), *fit_to_circle(kernel, points).kernel, points,
                         {pairs, 1});
}

double largest_relative_gap(const Vector& a, const Vector& b) {
  return ((a - b).array() / b.array()).abs().maxCoeff();
}

std::vector<std::string_view> kinked_networks() {
  return {"fc:8", "fc:8:bias=zero:sigma_b=1,fc:8,fc:8",
          "fc:8:bias=random:sigma_b=0.3,fc:8:trained=no",
          "fc:8,fc:8,fc:8,fc:8,fc:8,fc:8,fc:8,fc:8,fc:8,fc:8"};
}

TEST(FitToCircle, tells_a_kink_from_a_smooth_kernel) {
  const auto smooth =
      make_analytic_kernel(make_architecture("fc:8,fc:8", "dense", "tanh", 2), AnalyticKind::ntk);

  EXPECT_FALSE(has_kink({*smooth, 2, 1.0}));
  EXPECT_TRUE(has_kink({*first_layer_ntk(), 2, 1.0}));
  for (const auto layers : kinked_networks()) EXPECT_TRUE(has_kink({*relu_ntk(layers), 2, 1.0}));
}

TEST(FitToCircle, leaves_smooth_kernels_alone) {
  const std::shared_ptr<const Kernel> smooth =
      make_analytic_kernel(make_architecture("fc:8", "dense", "erf", 2), AnalyticKind::ntk);

  EXPECT_EQ(fit_to_circle(smooth, quadrature_points(halves(), 64)).kernel, smooth);
}

TEST(FitToCircle, makes_the_even_grid_exact) {
  for (const Index n : {90, 91}) {
    const KernelSpectrum spectrum =
        fitted_spectrum(first_layer_ntk(), quadrature_points(CircleDensity::uniform(), n), 81);

    ASSERT_EQ(spectrum.count(), 81);
    for (Index i = 0; i < 81; ++i)
      EXPECT_NEAR(spectrum.eigenvalues[i] / relu_circle_eigenvalue((i + 1) / 2), 1, 1e-11) << i;
  }
}

// Values of an independent computation (panel Legendre-Galerkin, error below 2e-14).
TEST(FitToCircle, gives_the_eigenvalues_of_two_halves) {
  const KernelSpectrum spectrum =
      fitted_spectrum(first_layer_ntk(), quadrature_points(halves(), 192), 21);

  const std::vector<std::pair<Index, double>> known = {
      {0, 0.19713496503428654},   {1, 0.11612178267721157},    {2, 0.0926415781430992},
      {3, 0.027739123169251364},  {10, 0.0020428951582995582}, {15, 0.0007930580371683066},
      {20, 0.0004942093707460267}};
  for (const auto& [i, value] : known) EXPECT_NEAR(spectrum.eigenvalues[i], value, 1e-13) << i;
}

// Another number of nodes moves every panel, so what both agree on is the operator's.
TEST(FitToCircle, converges_on_any_density_for_networks_of_any_depth) {
  for (const auto layers : kinked_networks())
    for (const CircleDensity& density : {halves(), four_arcs()}) {
      const auto kernel = relu_ntk(layers);

      const Vector coarse = fitted_spectrum(kernel, quadrature_points(density, 290), 8).eigenvalues;
      const Vector fine = fitted_spectrum(kernel, quadrature_points(density, 401), 8).eigenvalues;

      const Index count = std::min(coarse.size(), fine.size());
      ASSERT_GE(count, 7);
      EXPECT_LT(largest_relative_gap(coarse.head(count), fine.head(count)), 1e-10) << layers;
    }
}

TEST(FitToCircle, keeps_eigenfunctions_orthonormal_and_extends_them) {
  for (const CircleDensity& density : {CircleDensity::uniform(), four_arcs()}) {
    const CircleQuadraturePoints points = quadrature_points(density, 256);
    const CircleQuadraturePoints finer = quadrature_points(density, 330);
    const auto kernel = fit_to_circle(relu_ntk("fc:8:bias=zero:sigma_b=1,fc:8"), points).kernel;
    const ProcessGrid grid(world());
    const KernelSpectrum spectrum = kernel_spectrum(grid, *kernel, points, {9, 1});

    const Matrix phi = gather(world(), spectrum.eigenfunctions);
    const Matrix extended =
        gather(world(), nystrom_extension(world(), *kernel, points, spectrum, finer));
    const Matrix back =
        gather(world(), nystrom_extension(world(), *kernel, points, spectrum, points));

    const Matrix identity = Matrix::Identity(spectrum.count(), spectrum.count());
    const auto products = [](const CircleQuadraturePoints& where,
                             const Matrix& functions) -> Matrix {
      return functions.transpose() * where.rule().weights.asDiagonal() * functions;
    };
    EXPECT_LT((products(points, phi) - identity).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((products(finer, extended) - identity).cwiseAbs().maxCoeff(), 1e-9);
    EXPECT_LT((back - phi).cwiseAbs().maxCoeff(), 1e-11);
  }
}

TEST(FitToCircle, gives_a_symmetric_kernel_between_any_points) {
  const CircleQuadraturePoints nodes = quadrature_points(four_arcs(), 150);
  const auto kernel = fit_to_circle(first_layer_ntk(), nodes).kernel;
  const CircleSample others(halves(), {3, RandomPurpose::test}, 20, {{1}, {1.0}, {0.0}}, 1.0);
  Matrix points(2, 170);
  points << nodes.points(indices_of({0, 150})), others.points(indices_of({0, 20}));

  const Matrix values = kernel_matrix(*kernel, points, points);

  EXPECT_LT((values - values.transpose()).cwiseAbs().maxCoeff(), 1e-15);
  EXPECT_GT((values - kernel_matrix(*first_layer_ntk(), points, points)).cwiseAbs().maxCoeff(),
            1e-4);
}

}  // namespace
}  // namespace ntkflow
