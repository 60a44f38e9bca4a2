#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "spectrum/angles.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>

namespace ntkflow {
namespace {

Matrix functions_of(const KernelSpectrum& spectrum) {
  return gather(world(), spectrum.eigenfunctions);
}

// Largest minus smallest eigenvalue of the eigenspace of pair i.
double eigenspace_width(const KernelSpectrum& spectrum, Index i) {
  const auto [first, last] =
      std::equal_range(spectrum.eigenspace.begin(), spectrum.eigenspace.end(),
                       spectrum.eigenspace[static_cast<std::size_t>(i)]);
  return spectrum.eigenvalues[first - spectrum.eigenspace.begin()] -
         spectrum.eigenvalues[last - spectrum.eigenspace.begin() - 1];
}

// <phi_i, phi_j> = delta_ij and T phi_i = sigma_i phi_i, at the points, with the whole matrix.
// Inside an eigenspace functions are mixed, so the second holds to its width.
void expect_eigenfunctions(const KernelSpectrum& spectrum, const Kernel& kernel,
                           const AnglePoints& points, double solver_tolerance = 1e-13) {
  const Matrix phi = functions_of(spectrum);
  const auto weights = points.all_weights().asDiagonal();
  const Matrix products = phi.transpose() * weights * phi;
  const Matrix applied = serial_gram(kernel, points) * weights * phi;
  const double largest = phi.cwiseAbs().maxCoeff();

  EXPECT_LT((products - Matrix::Identity(phi.cols(), phi.cols())).cwiseAbs().maxCoeff(), 1e-12);
  for (Index i = 0; i < phi.cols(); ++i) {
    const Vector residual = applied.col(i) - spectrum.eigenvalues[i] * phi.col(i);
    const double tolerance =
        solver_tolerance * spectrum.eigenvalues[0] + eigenspace_width(spectrum, i);
    EXPECT_LT(residual.cwiseAbs().maxCoeff(), tolerance * largest) << i;
  }
}

// Residual of the eigenfunctions' span at frequency q after projection on cos qx and sin qx.
double distance_to_waves(const Matrix& phi, const AnglePoints& points, Index q) {
  const auto angle = static_cast<double>(q) * points.all_angles().array();
  Matrix waves(phi.rows(), 2);
  waves << angle.cos(), angle.sin();
  return (phi - waves * waves.colPivHouseholderQr().solve(phi)).norm() / phi.norm();
}

TEST(KernelSpectrum, on_the_even_circle_is_that_of_the_closed_form) {
  const Index n = 360;
  const AnglePoints points = even_angles(n);

  const KernelSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, {41, 1});

  ASSERT_EQ(spectrum.count(), 41);
  const Matrix phi = functions_of(spectrum);
  // The plain rule adds the frequencies q + m n to q: sum over m of 1 / (2 pi^2 (m n)^2).
  const double aliases = 1 / (6.0 * n * n);
  for (Index i = 0; i < 41; ++i) {
    const Index q = (i + 1) / 2;
    EXPECT_NEAR(spectrum.eigenvalues[i], relu_circle_eigenvalue(q) + aliases, 0.02 * aliases);
    EXPECT_EQ(spectrum.eigenspace[static_cast<std::size_t>(i)], q);
    EXPECT_LT(distance_to_waves(phi.col(i), points, q), 1e-11) << q;
  }
  expect_eigenfunctions(spectrum, relu_circle_kernel(), points);
}

// ---- the Krylov solver: the same promises -----------------------------------------------------

SpectrumOptions by_krylov(Index eigenpairs, std::uint64_t seed) {
  SpectrumOptions options;
  options.eigenpairs = eigenpairs;
  options.seed = seed;
  options.solver = Solver::krylov;
  options.tolerance = 1e-12;
  return options;
}

TEST(KernelSpectrum, by_krylov_is_the_dense_one) {
  const ProcessGrid grid(world());
  for (const AnglePoints& points : {even_angles(900), uneven_angles(900), scattered_angles(900)}) {
    const ComputedSpectrum dense = kernel_spectrum(grid, relu_circle_kernel(), points, {41, 7});

    const ComputedSpectrum krylov =
        kernel_spectrum(grid, relu_circle_kernel(), points, by_krylov(41, 7));

    ASSERT_EQ(krylov.eigenspace, dense.eigenspace);
    EXPECT_LT((krylov.eigenvalues - dense.eigenvalues).cwiseAbs().maxCoeff(),
              1e-14 * dense.eigenvalues[0]);
    EXPECT_LT((functions_of(krylov) - functions_of(dense)).cwiseAbs().maxCoeff(), 1e-7);
    EXPECT_LE(krylov.residuals.maxCoeff(), 1.00001e-12 * dense.eigenvalues[0]);
    EXPECT_GT(krylov.passes, 2);
    expect_eigenfunctions(krylov, relu_circle_kernel(), points, 1e-11);
  }
}

TEST(KernelSpectrum, by_krylov_never_cuts_an_eigenspace_and_drops_rounding) {
  const ProcessGrid grid(world());

  const ComputedSpectrum cut =
      kernel_spectrum(grid, relu_circle_kernel(), even_angles(700), by_krylov(20, 1));
  const AngleKernel wave([](double x, double z) { return 2 + std::cos(x - z); });
  const ComputedSpectrum finite = kernel_spectrum(grid, wave, even_angles(300), by_krylov(20, 1));

  EXPECT_EQ(cut.count(), 19);
  EXPECT_EQ(cut.incomplete, 1);
  EXPECT_EQ(finite.eigenspace, (std::vector<Index>{0, 1, 1}));
  EXPECT_EQ(finite.dropped, 17);
}

TEST(KernelSpectrum, weights_let_uneven_points_stand_for_the_same_density) {
  const AnglePoints points = uneven_angles(500);

  const KernelSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, {21, 1});

  ASSERT_EQ(spectrum.count(), 21);
  for (Index i = 0; i < 21; ++i) {
    const double expected = relu_circle_eigenvalue((i + 1) / 2);
    EXPECT_NEAR(spectrum.eigenvalues[i], expected, 4e-6);
  }
  expect_eigenfunctions(spectrum, relu_circle_kernel(), points);
}

TEST(KernelSpectrum, of_scattered_points_has_an_eigenspace_for_each_function) {
  const AnglePoints points = scattered_angles(200);

  const KernelSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, {200, 1});

  ASSERT_EQ(spectrum.count(), 200);
  EXPECT_EQ(spectrum.eigenspace, indices_of({0, 200}));
  expect_eigenfunctions(spectrum, relu_circle_kernel(), points);
}

TEST(KernelSpectrum, each_rank_holds_its_rows_and_their_weights_only) {
  const AnglePoints points = uneven_angles(100);

  const KernelSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, {10, 1});

  const IndexRange mine = Partition(100, world().size()).range(world().rank());
  EXPECT_EQ(spectrum.eigenfunctions.local.rows(), mine.count());
  EXPECT_EQ(spectrum.eigenfunctions.local.cols(), spectrum.count());
  EXPECT_EQ(spectrum.my_weights, points.all_weights().segment(mine.first, mine.count()));
}

TEST(KernelSpectrum, works_on_fewer_points_than_ranks) {
  for (const Index n : {1, 2, 5})
    for (const Solver solver : {Solver::dense, Solver::krylov}) {
      const AnglePoints points = uneven_angles(n);
      SpectrumOptions options = by_krylov(n, 1);
      options.solver = solver;

      const KernelSpectrum spectrum =
          kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, options);

      EXPECT_EQ(spectrum.count(), n);
      expect_eigenfunctions(spectrum, relu_circle_kernel(), points);
    }
}

// ---- one answer on any number of ranks: compared with serial Eigen
// -------------------------------

// The same rule in serial: V Q, V^T W^{1/2} S = Q R with diag R > 0, over given eigenspaces.
Matrix serial_eigenfunctions(const Kernel& kernel, const AnglePoints& points,
                             const std::vector<Index>& eigenspace, std::uint64_t seed) {
  const Index n = points.count(), count = count_of(eigenspace);
  const Vector root = points.all_weights().cwiseSqrt();
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(
      root.asDiagonal() * serial_gram(kernel, points) * root.asDiagonal());
  Matrix v = solver.eigenvectors().rowwise().reverse().leftCols(count);
  const RandomStream stream(seed, RandomPurpose::eigenbasis);
  for (Index first = 0, last = 0; first < count; first = last) {
    const auto label = eigenspace[static_cast<std::size_t>(first)];
    while (last < count && eigenspace[static_cast<std::size_t>(last)] == label) ++last;
    const Matrix s = Matrix::NullaryExpr(
        n, last - first, [&](Index i, Index j) { return stream.normal(j * n + i); });
    auto group = v.middleCols(first, last - first);
    const Eigen::HouseholderQR<Matrix> qr(group.transpose() * root.asDiagonal() * s);
    const Matrix q = qr.householderQ();
    const Vector signs = qr.matrixQR().diagonal().cwiseSign();
    group = (group * q * signs.asDiagonal()).eval();
  }
  return root.cwiseInverse().asDiagonal() * v;
}

TEST(KernelSpectrum, signs_and_bases_do_not_depend_on_the_number_of_ranks) {
  for (const AnglePoints& points : {even_angles(240), uneven_angles(240), scattered_angles(240)}) {
    const KernelSpectrum spectrum =
        kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, {41, 7});

    const Matrix expected =
        serial_eigenfunctions(relu_circle_kernel(), points, spectrum.eigenspace, 7);
    EXPECT_LT((functions_of(spectrum) - expected).cwiseAbs().maxCoeff(), 1e-8);
  }
}

TEST(KernelSpectrum, another_seed_gives_another_basis_of_the_same_eigenspaces) {
  const AnglePoints points = even_angles(60);
  const ProcessGrid grid(world());

  const Matrix a = functions_of(kernel_spectrum(grid, relu_circle_kernel(), points, {3, 1}));
  const Matrix b = functions_of(kernel_spectrum(grid, relu_circle_kernel(), points, {3, 2}));

  EXPECT_GT((a - b).norm(), 0.1);
  const Matrix onto_a = a.rightCols(2) * a.rightCols(2).transpose();
  const Matrix onto_b = b.rightCols(2) * b.rightCols(2).transpose();
  EXPECT_LT((onto_a - onto_b).norm(), 1e-11);
}

TEST(KernelSpectrum, norms_of_projections_on_eigenspaces_are_those_of_one_rank) {
  const AnglePoints points = even_angles(240);
  const KernelSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, {41, 7});
  const Vector function =
      (points.all_angles().array() * 1.3).exp() + points.all_angles().array().cube();
  const Vector weighted = points.all_weights().cwiseProduct(function);

  const Vector mine = functions_of(spectrum).transpose() * weighted;
  const Vector serial =
      serial_eigenfunctions(relu_circle_kernel(), points, spectrum.eigenspace, 7).transpose() *
      weighted;

  const double norm = std::sqrt(function.dot(weighted));
  EXPECT_NEAR(mine[0], serial[0], 1e-10 * norm);
  for (Index i = 1; i < 41; i += 2)
    EXPECT_NEAR(mine.segment(i, 2).norm(), serial.segment(i, 2).norm(), 1e-10 * norm) << i;
}

// ---- which pairs are kept, and what is refused
// -----------------------------------------------------

TEST(KernelSpectrum, never_cuts_an_eigenspace) {
  const ComputedSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), even_angles(120), {20, 1});

  EXPECT_EQ(spectrum.count(), 19);
  EXPECT_EQ(spectrum.incomplete, 1);
  EXPECT_EQ(spectrum.dropped, 0);
}

TEST(KernelSpectrum, drops_what_a_kernel_of_finite_rank_does_not_have) {
  const AngleKernel kernel([](double x, double z) { return 2 + std::cos(x - z); });

  const ComputedSpectrum spectrum =
      kernel_spectrum(ProcessGrid(world()), kernel, even_angles(120), {20, 1});

  EXPECT_EQ(spectrum.eigenspace, (std::vector<Index>{0, 1, 1}));
  EXPECT_EQ(spectrum.dropped, 17);
  EXPECT_LT((spectrum.eigenvalues - Eigen::Vector3d(2, 0.5, 0.5)).norm(), 1e-13);
}

template <typename Act>
void expect_error(ExitCode code, const std::string& text, Act&& act) {
  try {
    act();
    FAIL() << "did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), code);
    EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
  }
}

TEST(KernelSpectrum, says_how_many_pairs_the_first_eigenspace_needs) {
  const AngleKernel kernel([](double x, double z) { return std::cos(x - z); });

  expect_error(ExitCode::bad_data,
               "reference.eigenpairs = 1, need >= 2: the first eigenspace is never cut", [&] {
                 kernel_spectrum(ProcessGrid(world()), kernel, even_angles(70), {1, 1});
               });
}

TEST(KernelSpectrum, refuses_a_kernel_that_is_zero_or_not_finite) {
  const ProcessGrid grid(world());
  for (const double value : {0.0, std::nan("")}) {
    const AngleKernel kernel([=](double, double) { return value; });

    expect_error(ExitCode::numerical, "kernel", [&] {
      kernel_spectrum(grid, kernel, even_angles(70), {5, 1});
    });
    expect_error(ExitCode::numerical, "the kernel",
                 [&] { kernel_spectrum(grid, kernel, even_angles(70), by_krylov(5, 1)); });
  }
}

TEST(KernelSpectrum, refuses_a_weight_that_is_not_positive) {
  Vector weights = Vector::Constant(70, 1.0 / 70);
  weights[69] = 0;
  const AnglePoints points(even_angles(70).all_angles(), weights);

  expect_error(ExitCode::bad_data, "weight of point 69 (from 0) = 0", [&] {
    kernel_spectrum(ProcessGrid(world()), relu_circle_kernel(), points, {5, 1});
  });
}

}  // namespace
}  // namespace ntkflow
