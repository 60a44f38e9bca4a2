#include "ntkflow/linalg/symmetric_eigen.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

constexpr Index sizes[] = {1, 2, 5, 63, 64, 65, 200};
constexpr double eps = std::numeric_limits<double>::epsilon();

// Q diag(eigenvalues) Q^T with a random orthogonal Q, the same on every rank.
Matrix with_spectrum(const Vector& eigenvalues) {
  const Index n = eigenvalues.size();
  const RandomStream stream(1, RandomPurpose::test);
  const Matrix gauss =
      Matrix::NullaryExpr(n, n, [&](Index i, Index j) { return stream.normal(j * n + i); });
  const Matrix q = gauss.householderQr().householderQ();
  const Matrix a = q * eigenvalues.asDiagonal() * q.transpose();
  return (a + a.transpose()) / 2;
}

// |A V - V L| / (|A| n eps) and |V^T V - I| / (n eps).
void expect_small_residuals(const Matrix& a, const Vector& eigenvalues, const Matrix& v) {
  const double n_eps = static_cast<double>(a.rows()) * eps;
  const Matrix eigen_residual = a * v - v * eigenvalues.asDiagonal();
  const Matrix gram_residual = v.transpose() * v - Matrix::Identity(v.cols(), v.cols());
  EXPECT_LE(eigen_residual.norm(), 30 * n_eps * a.norm()) << "n = " << a.rows();
  EXPECT_LE(gram_residual.norm(), 30 * n_eps) << "n = " << a.rows();
}

void expect_decomposition(const Matrix& a, const Vector& expected, const ProcessGrid& grid,
                          Index block) {
  // Only the lower triangle is stored.
  const Matrix lower = a.triangularView<Eigen::Lower>();

  const EigenDecomposition result = symmetric_eigen(distribute(grid, lower, block), a.rows());

  expect_small_residuals(a, result.eigenvalues, gather(result.eigenvectors));
  EXPECT_LE((result.eigenvalues - expected).norm(),
            30 * static_cast<double>(a.rows()) * eps * a.norm())
      << "n = " << a.rows() << ", block " << block;
}

TEST(SymmetricEigen, finds_known_spectra_at_any_size_and_block) {
  const ProcessGrid grid(world());
  for (const Index n : sizes)
    for (const Index block : {Index{8}, Index{64}}) {
      const Vector spectrum = Vector::LinSpaced(n, -1, 2);
      expect_decomposition(with_spectrum(spectrum), spectrum, grid, block);
    }
}

TEST(SymmetricEigen, finds_decaying_and_degenerate_spectra) {
  const ProcessGrid grid(world());
  const Index n = 130;
  const Vector decaying = Vector::NullaryExpr(n, [&](Index i) { return std::pow(0.7, n - 1 - i); });
  const Vector pairs = Vector::NullaryExpr(n, [&](Index i) { return static_cast<double>(i / 2); });

  for (const Vector& spectrum : {decaying, pairs, Vector(Vector::Ones(n)), Vector(Vector::Zero(n))})
    expect_decomposition(with_spectrum(spectrum), spectrum, grid, 16);
}

TEST(SymmetricEigen, finds_the_vectors_of_the_largest_eigenvalues_alone) {
  const ProcessGrid grid(world());
  const Vector spectrum = Vector::LinSpaced(200, -1, 2);
  const Matrix a = with_spectrum(spectrum);
  for (const Index wanted : {1, 7, 64, 199}) {
    const EigenDecomposition result = symmetric_eigen(distribute(grid, a, 16), wanted);

    expect_small_residuals(a, result.eigenvalues.tail(wanted),
                           gather(result.eigenvectors).rightCols(wanted));
  }
}

TEST(SymmetricEigen, finds_eigenvalues_alone) {
  const ProcessGrid grid(world());
  for (const Index n : sizes) {
    const Vector spectrum = Vector::LinSpaced(n, -1, 2);
    const Matrix a = with_spectrum(spectrum);

    const Vector eigenvalues = symmetric_eigenvalues(distribute(grid, a, 8));

    EXPECT_LE((eigenvalues - spectrum).norm(), 30 * static_cast<double>(n) * eps * a.norm());
  }
}

TEST(SymmetricEigen, agrees_with_serial_eigen) {
  const ProcessGrid grid(world());
  for (const Index n : sizes) {
    const Matrix a = with_spectrum(Vector::LinSpaced(n, 0, 1));

    const Eigen::SelfAdjointEigenSolver<Matrix> serial(a);

    expect_decomposition(a, serial.eigenvalues(), grid, 64);
  }
}

TEST(SymmetricEigen, works_on_every_shape_of_grid_and_tells_idle_ranks) {
  const Vector spectrum = Vector::LinSpaced(70, 1, 2);
  for (const GridShape shape : {GridShape{1, 1}, {world().size(), 1}, {1, world().size()}})
    expect_decomposition(with_spectrum(spectrum), spectrum, ProcessGrid(world(), shape), 16);
}

TEST(SymmetricEigen, survives_entries_near_the_ends_of_the_range) {
  const ProcessGrid grid(world());
  const Vector spectrum = Vector::LinSpaced(40, 1, 2);
  for (const double scale : {1e-200, 1e200}) {
    const Matrix a = scale * with_spectrum(spectrum);

    const EigenDecomposition result = symmetric_eigen(distribute(grid, a, 8), 40);

    EXPECT_LT((result.eigenvalues / scale - spectrum).norm(), 1e-12) << scale;
  }
}

TEST(SymmetricEigen, by_elpa_is_that_of_scalapack_or_refused) {
  const ProcessGrid grid(world());
  for (const Index n : sizes) {
    const Vector spectrum = Vector::LinSpaced(n, -1, 2);
    const Matrix a = with_spectrum(spectrum);
    if (!has_elpa()) {
      EXPECT_THROW(symmetric_eigen(distribute(grid, a, 8), n, EigenBackend::elpa), ConfigError);
      continue;
    }
    const Matrix lower = a.triangularView<Eigen::Lower>();

    const EigenDecomposition result =
        symmetric_eigen(distribute(grid, lower, 8), n, EigenBackend::elpa);

    expect_small_residuals(a, result.eigenvalues, gather(result.eigenvectors));
    EXPECT_LE((result.eigenvalues - spectrum).norm(),
              30 * static_cast<double>(n) * eps * std::max(1.0, a.norm()));
  }
}

TEST(SymmetricEigen, refuses_nan_and_infinity_on_all_ranks) {
  const ProcessGrid grid(world());
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    Matrix a = with_spectrum(Vector::LinSpaced(70, 1, 2));
    a(69, 3) = bad;

    EXPECT_THROW(symmetric_eigen(distribute(grid, a, 16), 70), NumericalError);
  }
}

TEST(SymmetricEigen, says_beforehand_what_32_bits_cannot_count) {
  EXPECT_NO_THROW(refuse_eigen_overflow(BlockCyclicLayout::square(32'000, {1, 1})));
  EXPECT_THROW(refuse_eigen_overflow(BlockCyclicLayout::square(32'768, {1, 1})), Error);
  EXPECT_NO_THROW(refuse_eigen_overflow(BlockCyclicLayout::square(64'000, {2, 2})));
  EXPECT_THROW(refuse_eigen_overflow(BlockCyclicLayout::square(65'536, {2, 2})), Error);
}

}  // namespace
}  // namespace ntkflow
