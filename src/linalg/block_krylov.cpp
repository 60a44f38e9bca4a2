#include "ntkflow/linalg/block_krylov.hpp"

#include "linalg/lapack.hpp"
#include "linalg/tall_blocks.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace ntkflow {
namespace {

constexpr Index smallest_block = 64;
constexpr Index largest_block = 256;
constexpr double pairs_to_block = 1.28;  // room for the last pair to converge as fast as the others
constexpr Index blocks_of_basis = 10;
constexpr double tolerance_beyond = 1e3;  // of the pair after the last one asked for
constexpr double negligible = 1e-14;      // of the matrix's norm: rounding, no new direction
constexpr Index guard_passes = 2;

class KrylovSolver {
 public:
  KrylovSolver(const SymmetricOperator& matrix, const KrylovOptions& options);
  KrylovPairs solve();

 private:
  Matrix newest() const { return basis_.middleCols(columns_ - newest_, newest_); }
  auto basis() const { return basis_.leftCols(columns_); }
  Matrix random_block(Index columns);
  Matrix fresh_block(Index columns);
  void append(const Matrix& block);
  void multiply();
  void rayleigh_ritz();
  Index converged() const;
  KrylovProgress progress() const;
  bool may_miss_members() const;
  bool is_done() const;
  Matrix next_block();
  void restart();
  KrylovPairs result() const;

  const SymmetricOperator& matrix_;
  const Communicator& comm_;
  const KrylovOptions& options_;
  Index n_;
  Index wanted_;  // with the pair beyond
  Index block_;
  Index capacity_;

  Matrix basis_;      // my rows x capacity_; pages that are not used yet cost no memory
  Matrix projected_;  // Q^T A Q of the columns that A has been applied to
  Index columns_ = 0;
  Index newest_ = 0;       // how many of them are in the newest block
  Orthonormal remainder_;  // of A times the newest block, outside the basis

  Vector ritz_values_;  // the leading ones, descending
  Matrix ritz_vectors_;
  Vector residuals_;
  double smallest_ = 0;
  double norm_ = 0;  // of A, as far as seen
  Index passes_ = 0;
  Index drawn_ = 0;                  // random columns so far
  std::optional<Index> guarded_at_;  // passes when the block that looks for missed pairs was added
};

KrylovSolver::KrylovSolver(const SymmetricOperator& matrix, const KrylovOptions& options)
    : matrix_(matrix),
      comm_(matrix.comm()),
      options_(options),
      n_(matrix.partition().count()),
      wanted_(std::min(n_, options.eigenpairs + 1)),
      block_(krylov_block(n_, options.eigenpairs)) {
  const Index asked =
      options.most_columns > 0 ? options.most_columns : krylov_columns(n_, options.eigenpairs);
  capacity_ = std::min(n_, std::max(asked, wanted_ + 4 * block_));
  basis_.resize(matrix.partition().range(comm_.rank()).count(), capacity_);
  projected_.setZero(capacity_, capacity_);
}

KrylovPairs KrylovSolver::solve() {
  append(orthonormalise(comm_, random_block(block_), 0).columns);
  for (;;) {
    multiply();
    rayleigh_ritz();
    options_.after_pass(progress());
    if (is_done()) return result();
    if (passes_ >= options_.most_passes)
      throw NumericalError(
          fmt::format("block Krylov: {} of {} eigenpairs after {} passes; need more passes, a "
                      "larger tolerance than {:g} or the dense solver",
                      converged(), options_.eigenpairs, passes_, options_.tolerance));
    const Matrix next = next_block();
    if (columns_ + next.cols() > capacity_) restart();
    append(next);
  }
}

// Column j of the n x ... matrix that all ranks draw from, the rows of this rank.
Matrix KrylovSolver::random_block(Index columns) {
  const RandomStream stream(options_.seed, RandomPurpose::krylov_start);
  const IndexRange rows = matrix_.partition().range(comm_.rank());
  const Index first = std::exchange(drawn_, drawn_ + columns);
  return Matrix::NullaryExpr(rows.count(), columns, [&](Index i, Index j) {
    return stream.normal((first + j) * n_ + rows.first + i);
  });
}

// Random directions orthogonal to the basis and to the remainder. None when nothing is left.
Matrix KrylovSolver::fresh_block(Index columns) {
  constexpr double in_the_span = 1e-10;
  Matrix block = random_block(columns);
  const double length = std::sqrt(static_cast<double>(n_));
  for (int round = 0; round < 2; ++round) {
    project_out(comm_, basis(), block);
    project_out(comm_, remainder_.columns, block);
    block = orthonormalise(comm_, block, round == 0 ? in_the_span * length : 0.1).columns;
  }
  return block;
}

void KrylovSolver::append(const Matrix& block) {
  NTKFLOW_EXPECTS(columns_ + block.cols() <= capacity_);
  basis_.middleCols(columns_, block.cols()) = block;
  columns_ += block.cols();
  newest_ = block.cols();
}

// One pass: A times the newest block fills the last rows and columns of Q^T A Q, and what it has
// outside the basis is the remainder. The second projection repairs what cancellation in the first
// has left of the basis.
void KrylovSolver::multiply() {
  Matrix product = matrix_.apply(newest());
  ++passes_;
  if (any_rank(comm_, !product.allFinite()))
    throw NumericalError("block Krylov: a product with the matrix is NaN or infinite");
  Matrix coefficients = project_out(comm_, basis(), product);
  norm_ = std::max(norm_, coefficients.norm());

  Orthonormal first = orthonormalise(comm_, product, negligible * norm_);
  product.resize(0, 0);
  coefficients += project_out(comm_, basis(), first.columns) * first.coefficients;
  Orthonormal second = polish(comm_, first.columns);
  remainder_ = {std::move(second.columns), second.coefficients * first.coefficients};

  projected_.block(0, columns_ - newest_, columns_, newest_) = coefficients;
  projected_.block(columns_ - newest_, 0, newest_, columns_) = coefficients.transpose();
}

void KrylovSolver::rayleigh_ritz() {
  const Index count = std::min(columns_, wanted_ + block_);
  SmallEigen eigen;
  agree(comm_, [&] {
    if (comm_.is_root())
      eigen = small_symmetric_eigen(projected_.topLeftCorner(columns_, columns_));
  });
  eigen.eigenvalues.conservativeResize(columns_);
  broadcast(comm_, span_of(eigen.eigenvalues));
  ritz_values_ = eigen.eigenvalues.tail(count).reverse();
  smallest_ = eigen.eigenvalues[0];
  ritz_vectors_.resize(columns_, count);
  if (comm_.is_root()) ritz_vectors_ = eigen.vectors.rightCols(count).rowwise().reverse();
  broadcast(comm_, span_of(ritz_vectors_));
  residuals_ =
      (remainder_.coefficients * ritz_vectors_.bottomRows(newest_)).colwise().norm().transpose();
}

// How many leading pairs in a row have converged.
Index KrylovSolver::converged() const {
  const double tolerance = options_.tolerance * std::max(std::abs(ritz_values_[0]), -smallest_);
  Index count = 0;
  for (; count < std::min(wanted_, ritz_values_.size()); ++count) {
    const double slack = count < options_.eigenpairs ? 1.0 : tolerance_beyond;
    if (round_for_decision(residuals_[count]) > round_for_decision(slack * tolerance)) break;
  }
  return count;
}

KrylovProgress KrylovSolver::progress() const {
  const Index asked = std::min(options_.eigenpairs, ritz_values_.size());
  return {passes_, columns_, std::min(converged(), asked), ritz_values_[0],
          residuals_.head(asked).maxCoeff()};
}

// An eigenspace with more members than a block has vectors is seen in part only.
bool KrylovSolver::may_miss_members() const {
  const bool has_looked = guarded_at_ && passes_ >= *guarded_at_ + guard_passes;
  return block_ <= options_.eigenpairs && columns_ < n_ && !has_looked;
}

bool KrylovSolver::is_done() const {
  return converged() >= wanted_ && !may_miss_members();
}

// The remainder; and random directions where it is empty, or when pairs might have been missed.
Matrix KrylovSolver::next_block() {
  const bool looks_for_missed = converged() >= wanted_ && !guarded_at_;
  if (looks_for_missed) guarded_at_ = passes_;
  if (remainder_.count() > 0 && !looks_for_missed) return remainder_.columns;
  const Matrix fresh = fresh_block(block_);
  Matrix next(basis_.rows(), remainder_.count() + fresh.cols());
  next << remainder_.columns, fresh;
  return next;
}

// The leading Ritz vectors become the basis. In place, some rows at a time.
void KrylovSolver::restart() {
  constexpr Index panel = 256;
  const Index count = ritz_vectors_.cols();
  for (Index row = 0; row < basis_.rows(); row += panel) {
    const Index rows = std::min(panel, basis_.rows() - row);
    const Matrix rotated = basis_.block(row, 0, rows, columns_) * ritz_vectors_;
    basis_.block(row, 0, rows, count) = rotated;
  }
  projected_.setZero();
  projected_.diagonal().head(count) = ritz_values_;
  columns_ = count;
}

KrylovPairs KrylovSolver::result() const {
  return {ritz_values_.head(wanted_),
          {matrix_.partition(), basis() * ritz_vectors_.leftCols(wanted_)},
          residuals_.head(wanted_),
          smallest_,
          passes_};
}

}  // namespace

Index krylov_block(Index n, Index eigenpairs) {
  const auto wide = static_cast<Index>(pairs_to_block * static_cast<double>(eigenpairs));
  return std::min(n, std::clamp((wide + 7) / 8 * 8, smallest_block, largest_block));
}

Index krylov_columns(Index n, Index eigenpairs) {
  const Index block = krylov_block(n, eigenpairs);
  return std::min(n, std::max(blocks_of_basis * block, eigenpairs + 1 + 6 * block));
}

KrylovPairs largest_eigenpairs(const SymmetricOperator& matrix, const KrylovOptions& options) {
  NTKFLOW_EXPECTS(options.eigenpairs >= 1 && options.tolerance > 0 &&
                  matrix.partition().count() >= 1);
  return KrylovSolver(matrix, options).solve();
}

}  // namespace ntkflow
