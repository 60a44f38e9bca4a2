#include "ntkflow/spectrum/nystrom.hpp"

#include "ntkflow/base/error.hpp"
#include "spectrum/angles.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// Largest difference over all points and functions, each in units of sigma_1 / sigma_i.
double difference(const KernelSpectrum& spectrum, const RowBlocks& a, const RowBlocks& b) {
  const Vector scale = spectrum.eigenvalues / spectrum.eigenvalues[0];
  const Matrix all = (gather(world(), a) - gather(world(), b)) * scale.asDiagonal();
  return all.cwiseAbs().maxCoeff();
}

TEST(Nystrom, at_the_reference_points_gives_the_eigenfunctions_back) {
  const ProcessGrid grid(world());
  // More points than one chunk of features holds.
  for (const AnglePoints& points : {even_angles(250), scattered_angles(1100)}) {
    const KernelSpectrum spectrum = kernel_spectrum(grid, relu_circle_kernel(), points, {41, 1});

    const RowBlocks extended =
        nystrom_extension(world(), relu_circle_kernel(), points, spectrum, points);

    EXPECT_LT(difference(spectrum, extended, spectrum.eigenfunctions), 1e-12);
  }
}

TEST(Nystrom, between_the_reference_points_continues_the_same_waves) {
  const AnglePoints reference = even_angles(400);
  const KernelSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), reference, {21, 1});
  const Matrix phi = gather(world(), spectrum.eigenfunctions);
  const AnglePoints targets = scattered_angles(90);

  const Matrix extended = gather(
      world(), nystrom_extension(world(), relu_circle_kernel(), reference, spectrum, targets));

  ASSERT_EQ(extended.rows(), 90);
  for (Index i = 0; i < 21; ++i) {
    // phi_i = a cos qx + b sin qx, a and b by projection at the reference points.
    const double q = static_cast<double>((i + 1) / 2);
    const auto cosine = (q * reference.all_angles().array()).cos();
    const auto sine = (q * reference.all_angles().array()).sin();
    const double a = (phi.col(i).array() * cosine).mean() * (i == 0 ? 1 : 2);
    const double b = (phi.col(i).array() * sine).mean() * 2;
    const auto x = q * targets.all_angles().array();
    const Vector expected = a * x.cos() + b * x.sin();
    // Euler and Maclaurin: between the points the rule's error at the kernel's kink, -1/pi, differs
    // from the one at them by at most (h^2 / 8) (1 / pi) p max|phi| = sqrt(2) / (4 N^2).
    const double rule_error = std::sqrt(2.0) / (4.0 * 400 * 400);
    EXPECT_LT((extended.col(i) - expected).cwiseAbs().maxCoeff(),
              1.02 * rule_error / spectrum.eigenvalues[i]);
  }
}

TEST(Nystrom, works_on_fewer_points_than_ranks) {
  const AnglePoints reference = even_angles(5);
  const KernelSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), reference, {5, 1});

  const RowBlocks extended =
      nystrom_extension(world(), relu_circle_kernel(), reference, spectrum,
                        AnglePoints(Vector::Constant(1, -pi), Vector::Ones(1)));

  // even_angles begins at -pi.
  const Matrix first = gather(world(), spectrum.eigenfunctions).topRows(1);
  EXPECT_LT((gather(world(), extended) - first).norm(), 1e-12);
}

TEST(Nystrom, refuses_targets_where_the_kernel_is_not_finite) {
  const AnglePoints reference = even_angles(50);
  const AngleKernel kernel(
      [](double x, double z) { return x == 100 ? std::nan("") : 2 + std::cos(x - z); });
  const KernelSpectrum spectrum = kernel_spectrum(ProcessGrid(world()), kernel, reference, {3, 1});
  const AnglePoints targets(Eigen::Vector3d(0, 1, 100), Vector::Constant(3, 1.0 / 3));

  try {
    nystrom_extension(world(), kernel, reference, spectrum, targets);
    FAIL() << "did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::numerical);
    EXPECT_NE(std::string(error.what()).find("point 2 (from 0)"), std::string::npos);
  }
}

}  // namespace
}  // namespace ntkflow
