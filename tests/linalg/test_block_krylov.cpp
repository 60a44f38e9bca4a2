#include "ntkflow/linalg/block_krylov.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

#include <Eigen/QR>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace ntkflow {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

// A matrix that every rank holds: the solver must not know.
class WholeMatrix : public SymmetricOperator {
 public:
  explicit WholeMatrix(Matrix whole)
      : whole_(std::move(whole)), partition_(whole_.rows(), world().size()) {}

  const Communicator& comm() const override { return world(); }
  const Partition& partition() const override { return partition_; }
  const Matrix& whole() const { return whole_; }

  Matrix apply(const Matrix& x) const override {
    const IndexRange mine = partition_.range(world().rank());
    return whole_.middleRows(mine.first, mine.count()) * gather(world(), RowBlocks{partition_, x});
  }

 private:
  Matrix whole_;
  Partition partition_;
};

// H1 H2 H3 diag(eigenvalues) H3 H2 H1 with random reflections H, the same on every rank.
WholeMatrix with_spectrum(const Vector& eigenvalues) {
  const Index n = eigenvalues.size();
  const RandomStream stream(1, RandomPurpose::test);
  Matrix a = eigenvalues.asDiagonal();
  for (Index k = 0; k < 3; ++k) {
    const Vector v =
        Vector::NullaryExpr(n, [&](Index i) { return stream.normal(k * n + i); }).normalized();
    a -= 2 * v * (v.transpose() * a).eval();
    a -= 2 * (a * v).eval() * v.transpose();
  }
  return WholeMatrix((a + a.transpose()) / 2);
}

Vector power_law(Index n, double power) {
  return Vector::NullaryExpr(n,
                             [&](Index i) { return std::pow(static_cast<double>(i + 1), power); });
}

KrylovOptions options_for(Index eigenpairs) {
  KrylovOptions options;
  options.eigenpairs = eigenpairs;
  options.seed = 3;
  return options;
}

// Orthonormal, the true residuals are those promised, and the eigenvalues the known ones.
void expect_pairs(const WholeMatrix& matrix, const KrylovPairs& pairs, const Vector& descending,
                  double tolerance) {
  const Matrix v = gather(world(), pairs.vectors);
  const Index count = v.cols();
  const Matrix residual = matrix.whole() * v - v * pairs.eigenvalues.asDiagonal();
  const double n_eps = static_cast<double>(v.rows()) * eps;

  EXPECT_LE((v.transpose() * v - Matrix::Identity(count, count)).norm(), 30 * n_eps);
  for (Index i = 0; i < count; ++i) {
    const double rounding = 30 * n_eps * descending[0];
    EXPECT_NEAR(residual.col(i).norm(), pairs.residuals[i], rounding) << i;
    EXPECT_NEAR(pairs.eigenvalues[i], descending[i],
                (i + 1 < count ? 1 : 1e3) * tolerance * descending[0] + rounding)
        << i;
  }
  EXPECT_LE(pairs.residuals.head(std::max<Index>(1, count - 1)).maxCoeff(),
            1.00001 * tolerance * descending[0]);
}

TEST(BlockKrylov, finds_the_largest_pairs_of_a_decaying_spectrum) {
  const Vector spectrum = power_law(900, -2);
  const WholeMatrix matrix = with_spectrum(spectrum);

  const KrylovPairs pairs = largest_eigenpairs(matrix, options_for(40));

  EXPECT_EQ(pairs.eigenvalues.size(), 41);
  EXPECT_LE(pairs.passes, 8);
  expect_pairs(matrix, pairs, spectrum, 1e-10);
}

TEST(BlockKrylov, finds_every_member_of_degenerate_eigenspaces) {
  // 1, then 60 times 1/2, 30 times 1/4, and a tail.
  Vector spectrum = 0.1 * power_law(700, -1);
  spectrum[0] = 1;
  spectrum.segment(1, 60).setConstant(0.5);
  spectrum.segment(61, 30).setConstant(0.25);
  const WholeMatrix matrix = with_spectrum(spectrum);

  const KrylovPairs pairs = largest_eigenpairs(matrix, options_for(91));

  expect_pairs(matrix, pairs, spectrum, 1e-10);
}

TEST(BlockKrylov, finds_an_eigenspace_with_more_members_than_a_block_has_vectors) {
  const Index members = 300, n = 500, block = krylov_block(n, 320);
  ASSERT_LT(block, members);
  Vector spectrum = Vector::Constant(n, 0.5);
  spectrum[0] = 1;
  spectrum.tail(n - 1 - members) = 0.01 * power_law(n - 1 - members, -1);
  const WholeMatrix matrix = with_spectrum(spectrum);

  const KrylovPairs pairs = largest_eigenpairs(matrix, options_for(320));

  expect_pairs(matrix, pairs, spectrum, 1e-10);
}

TEST(BlockKrylov, goes_on_from_a_restart_when_the_basis_is_full) {
  const Vector spectrum = power_law(800, -1);
  const WholeMatrix matrix = with_spectrum(spectrum);
  KrylovOptions options = options_for(20);
  options.most_columns = 1;  // the least that it needs
  Index largest = 0;
  options.after_pass = [&](const KrylovProgress& now) { largest = std::max(largest, now.columns); };

  const KrylovPairs pairs = largest_eigenpairs(matrix, options);

  EXPECT_LE(largest, 21 + 4 * krylov_block(800, 20));
  EXPECT_GT(pairs.passes * krylov_block(800, 20), largest);
  expect_pairs(matrix, pairs, spectrum, 1e-10);
}

TEST(BlockKrylov, finds_all_pairs_of_small_matrices) {
  for (const Index n : {1, 2, 5, 63, 64, 65, 130}) {
    const Vector spectrum = power_law(n, -0.5);
    const WholeMatrix matrix = with_spectrum(spectrum);

    const KrylovPairs pairs = largest_eigenpairs(matrix, options_for(n));

    ASSERT_EQ(pairs.eigenvalues.size(), n);
    expect_pairs(matrix, pairs, spectrum, 1e-12);
  }
}

TEST(BlockKrylov, ends_where_a_matrix_of_low_rank_has_no_more) {
  Vector spectrum = Vector::Zero(400);
  spectrum.head(3) << 3, 2, 2;
  const WholeMatrix matrix = with_spectrum(spectrum);

  const KrylovPairs pairs = largest_eigenpairs(matrix, options_for(20));

  EXPECT_LE(pairs.passes, 3);
  expect_pairs(matrix, pairs, spectrum, 1e-12);
}

TEST(BlockKrylov, shows_a_negative_eigenvalue) {
  Vector spectrum = power_law(300, -2);
  spectrum[299] = -0.5;
  EXPECT_LT(largest_eigenpairs(with_spectrum(spectrum), options_for(5)).smallest, -0.4);
  EXPECT_EQ(largest_eigenpairs(WholeMatrix(Matrix::Zero(100, 100)), options_for(5)).smallest, 0);
}

TEST(BlockKrylov, gives_all_ranks_the_same_bits_and_other_seeds_the_same_pairs) {
  const Vector spectrum = power_law(500, -2);
  const WholeMatrix matrix = with_spectrum(spectrum);
  KrylovOptions options = options_for(10);

  const KrylovPairs pairs = largest_eigenpairs(matrix, options);
  options.seed = 4;
  const KrylovPairs others = largest_eigenpairs(matrix, options);

  Vector roots = pairs.eigenvalues;
  broadcast(world(), span_of(roots));
  EXPECT_EQ(roots, pairs.eigenvalues);
  EXPECT_LT((pairs.eigenvalues - others.eigenvalues).head(10).cwiseAbs().maxCoeff(), 1e-14);
}

TEST(BlockKrylov, refuses_what_is_not_finite_and_what_takes_too_long) {
  Matrix bad = Matrix::Identity(90, 90);
  bad(89, 89) = std::nan("");
  EXPECT_THROW(largest_eigenpairs(WholeMatrix(bad), options_for(3)), NumericalError);

  KrylovOptions options = options_for(10);
  options.most_passes = 2;
  EXPECT_THROW(largest_eigenpairs(with_spectrum(power_law(700, -1)), options), NumericalError);
}

TEST(BlockKrylov, lets_the_caller_stop_it_between_passes) {
  struct Stop {};
  KrylovOptions options = options_for(10);
  options.after_pass = [](const KrylovProgress& now) {
    if (now.passes == 2) throw Stop();
  };
  EXPECT_THROW(largest_eigenpairs(with_spectrum(power_law(700, -1)), options), Stop);
}

}  // namespace
}  // namespace ntkflow
