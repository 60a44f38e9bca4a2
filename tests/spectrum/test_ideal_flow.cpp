#include "ntkflow/spectrum/ideal_flow.hpp"

#include "ntkflow/spectrum/circle_kernel.hpp"
#include "ntkflow/spectrum/first_time.hpp"
#include "spectrum/angles.hpp"
#include "spectrum/networks.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(FirstTimeAt, finds_the_first_crossing_of_a_curve_that_is_not_monotone) {
  const auto curve = [](double t) { return std::exp(-t) * (1.2 + std::cos(4 * t)); };

  const double found = first_time_at(curve, 0.5, 1e-3, 100);

  EXPECT_NEAR(curve(found), 0.5, 1e-8);
  for (double t = 0; t < found * (1 - 1e-9); t += 1e-4) EXPECT_GT(curve(t), 0.5);
  EXPECT_TRUE(std::isnan(first_time_at([](double) { return 1.0; }, 0.5, 1e-3, 100)));
}

struct Problem {
  CircleQuadraturePoints points;
  KernelSpectrum spectrum;
  Vector my_angles;
  IndexList my_regions;  // 0 where the angle is negative
};

Problem circle_problem(const CircleDensity& density, Index n, Index pairs) {
  CircleQuadraturePoints points(density, circle_quadrature(density, n), {{1}, {1.0}, {0.0}}, 1.0);
  const auto kernel = fit_to_circle(first_layer_ntk(), points).kernel;
  KernelSpectrum spectrum = kernel_spectrum(ProcessGrid(world()), *kernel, points, {pairs, 1});
  const IndexRange mine = spectrum.eigenfunctions.partition.range(world().rank());
  const Vector angles = points.rule().angles.segment(mine.first, mine.count());
  IndexList regions;
  for (const double angle : angles) regions.push_back(angle < 0 ? 0 : 1);
  return {std::move(points), std::move(spectrum), angles, regions};
}

TEST(IdealFlow, of_an_eigenfunction_decays_by_its_eigenvalue_everywhere) {
  const Problem problem = circle_problem(CircleDensity::uniform(), 120, 41);
  const Vector initial = (3 * problem.my_angles.array()).sin();

  const IdealFlow flow(world(), problem.spectrum, initial, problem.my_regions, 2);

  const double sigma = relu_circle_eigenvalue(3);
  for (const Index region : {0, 1, 2}) {
    EXPECT_NEAR(flow.rms(region, 0), std::sqrt(0.5), 1e-12);
    EXPECT_NEAR(flow.rms(region, 100), std::exp(-100 * sigma) * std::sqrt(0.5), 1e-12);
    EXPECT_NEAR(flow.convergence_time(region, 0.3) * sigma, -std::log(0.3), 1e-8);
  }
}

TEST(IdealFlow, leaves_alone_what_the_eigenfunctions_do_not_span) {
  const Problem problem = circle_problem(CircleDensity::uniform(), 120, 11);
  const Vector initial =
      (2 * problem.my_angles.array()).cos() + (9 * problem.my_angles.array()).cos();

  const IdealFlow flow(world(), problem.spectrum, initial, problem.my_regions, 2);

  EXPECT_NEAR(flow.rms(2, 0), 1, 1e-12);
  EXPECT_NEAR(flow.rms(2, 1e9), std::sqrt(0.5), 1e-12);
  EXPECT_TRUE(std::isnan(flow.convergence_time(2, 0.3)));
}

// [B20]: time goes like 1/p on each arc.
TEST(IdealFlow, learns_dense_regions_first) {
  const Problem problem = circle_problem(CircleDensity::piecewise({-pi, 0}, {1, 3}), 256, 101);
  const Vector initial = (8 * problem.my_angles.array()).cos();

  const IdealFlow flow(world(), problem.spectrum, initial, problem.my_regions, 2);

  const double ratio = flow.convergence_time(0, 0.3) / flow.convergence_time(1, 0.3);
  EXPECT_GT(ratio, 2.2);
  EXPECT_LT(ratio, 3.8);
}

}  // namespace
}  // namespace ntkflow
