#include "ntkflow/observe/observer.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace ntkflow {
namespace {

// Constant, sqrt(2) cos x and sqrt(2) sin x at equispaced angles: orthonormal, eigenvalues given.
KernelSpectrum harmonic_spectrum(Index n) {
  const Partition partition(n, world().size());
  const IndexRange mine = partition.range(world().rank());
  KernelSpectrum spectrum{
      .eigenvalues = Vector(3),
      .eigenspace = {0, 1, 1},
      .eigenfunctions = {partition, Matrix(mine.count(), 3)},
      .my_weights = Vector::Constant(mine.count(), 1.0 / static_cast<double>(n))};
  spectrum.eigenvalues << 2.0, 0.5, 0.5;
  for (Index i = mine.first; i < mine.last; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
    spectrum.eigenfunctions.local.row(i - mine.first) << 1.0, std::sqrt(2.0) * std::cos(angle),
        std::sqrt(2.0) * std::sin(angle);
  }
  return spectrum;
}

TEST(Project, finds_the_coefficients_of_a_combination) {
  const KernelSpectrum spectrum = harmonic_spectrum(17);
  const Vector coefficients = Vector::LinSpaced(3, -1.0, 2.0);

  const Vector found = project(world(), spectrum, spectrum.eigenfunctions.local * coefficients);

  EXPECT_LE((found - coefficients).norm(), 1e-14);
}

TEST(IdealLaws, descent_tends_to_the_flow_for_small_steps) {
  const KernelSpectrum spectrum = harmonic_spectrum(5);
  const Vector initial = Vector::Ones(3);

  const Vector flow = ideal_projection(spectrum, initial, 3.0, exponential_decay);
  const Vector coarse = ideal_projection(spectrum, initial, 3.0, gradient_descent_decay(0.1));
  const Vector fine = ideal_projection(spectrum, initial, 3.0, gradient_descent_decay(0.05));

  EXPECT_DOUBLE_EQ(flow(1), std::exp(-1.5));
  EXPECT_DOUBLE_EQ(coarse(1), std::pow(0.95, 30));
  EXPECT_NEAR((flow - coarse)(1) / (flow - fine)(1), 2.0, 0.1);
}

TEST(ProjectedDeviation, accumulates_over_the_modes) {
  const Vector projection = (Vector(3) << 3.0, 4.0, 1.0).finished();
  const Vector ideal = (Vector(3) << 0.0, 0.0, 1.0).finished();

  const Vector deviation = projected_deviation(projection, ideal);

  EXPECT_EQ(deviation, (Vector(3) << 3.0, 5.0, 5.0).finished());
}

TEST(Observer, starts_from_minus_the_target_with_no_deviation) {
  const CircleProblem problem(world());
  const KernelSpectrum spectrum = harmonic_spectrum(problem.points.count());
  const FlowState state = problem.initial_state(world());
  const Observer observer({problem.train, problem.train, spectrum, &spectrum, exponential_decay},
                          state.theta);

  const Observation start = observer.observe(state.theta, 0.0);

  EXPECT_EQ(start.train_residual, -problem.train.my_targets());
  EXPECT_EQ(start.theta_distance, 0.0);
  EXPECT_EQ(start.projected_deviation.norm(), 0.0);
  EXPECT_EQ(start.train_projection, start.projection);
  EXPECT_DOUBLE_EQ(start.loss, 0.5 * start.reference_norm * start.reference_norm);
  EXPECT_GT(start.loss, 0.1);
}

TEST(Observer, compares_later_times_with_the_law) {
  const CircleProblem problem(world());
  const KernelSpectrum spectrum = harmonic_spectrum(problem.points.count());
  const FlowState state = problem.initial_state(world());
  const Observer observer({problem.train, problem.train, spectrum, nullptr, exponential_decay},
                          state.theta);

  const Observation later = observer.observe(state.theta, 4.0);  // the network has not moved

  const Vector expected = later.projection.cwiseProduct(
      (Vector(3) << std::exp(-8.0), std::exp(-2.0), std::exp(-2.0)).finished());
  EXPECT_LE((later.ideal_projection - expected).norm(), 1e-15);
  EXPECT_NEAR(later.projected_deviation(2), (later.projection - expected).norm(), 1e-14);
  EXPECT_EQ(later.train_projection.size(), 0);
}

}  // namespace
}  // namespace ntkflow
