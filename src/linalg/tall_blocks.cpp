#include "linalg/tall_blocks.hpp"

#include "linalg/lapack.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <vector>

namespace ntkflow {
namespace {

// Root's matrix for everybody: another processor might round, and so pivot, differently.
void share(const Communicator& comm, Matrix& matrix) {
  Vector shape(2);
  shape << static_cast<double>(matrix.rows()), static_cast<double>(matrix.cols());
  broadcast(comm, span_of(shape));
  matrix.resize(static_cast<Index>(shape[0]), static_cast<Index>(shape[1]));
  broadcast(comm, span_of(matrix));
}

// A block's QR decomposition on this rank alone, with as many rows in R as the block has, b at
// most.
struct LocalQr {
  Matrix q;
  Matrix r;

  explicit LocalQr(const Matrix& block) {
    const Index count = std::min(block.rows(), block.cols());
    q.resize(block.rows(), 0);
    r.resize(0, block.cols());
    if (count == 0) return;
    const Eigen::HouseholderQR<Matrix> qr(block);
    q = qr.householderQ() * Matrix::Identity(block.rows(), count);
    r = qr.matrixQR().topRows(count).triangularView<Eigen::Upper>();
  }
};

// The R of all ranks below each other, b rows each. Shape: ranks * b x b.
Matrix stacked(const Communicator& comm, const Matrix& mine, Index b) {
  Matrix padded = Matrix::Zero(b, b);
  padded.topRows(mine.rows()) = mine;
  Vector all(comm.size() * b * b);
  all_gather(comm, Partition(all.size(), comm.size()), span_of(padded), span_of(all));
  Matrix stack(comm.size() * b, b);
  for (Index rank = 0; rank < comm.size(); ++rank)
    stack.middleRows(rank * b, b) = Eigen::Map<const Matrix>(all.data() + rank * b * b, b, b);
  return stack;
}

// columns x coefficients = stack but for directions smaller than `smallest`.
Orthonormal pivoted(const Matrix& stack, double smallest) {
  const Eigen::ColPivHouseholderQR<Matrix> qr(stack);
  const auto diagonal = qr.matrixQR().diagonal().cwiseAbs();
  Index count = 0;
  while (count < diagonal.size() && diagonal[count] > smallest) ++count;
  Matrix upper = qr.matrixQR().topRows(count).triangularView<Eigen::Upper>();
  return {qr.householderQ() * Matrix::Identity(stack.rows(), count),
          upper * qr.colsPermutation().transpose()};
}

}  // namespace

Matrix project_out(const Communicator& comm, const Eigen::Ref<const Matrix>& basis, Matrix& block) {
  Matrix coefficients(basis.cols(), block.cols());
  coefficients.noalias() = basis.transpose() * block;
  sum_over_ranks(comm, span_of(coefficients));
  block.noalias() -= basis * coefficients;
  return coefficients;
}

Orthonormal orthonormalise(const Communicator& comm, const Matrix& block, double smallest) {
  const LocalQr mine(block);
  const Index b = block.cols();
  const Matrix stack = stacked(comm, mine.r, b);
  Orthonormal whole;
  if (comm.is_root()) whole = pivoted(stack, smallest);
  share(comm, whole.columns);
  share(comm, whole.coefficients);
  return {mine.q * whole.columns.middleRows(comm.rank() * b, mine.q.cols()), whole.coefficients};
}

Orthonormal polish(const Communicator& comm, const Matrix& block) {
  constexpr double shortest = 0.1;
  Matrix gram(block.cols(), block.cols());
  gram.noalias() = block.transpose() * block;
  sum_over_ranks(comm, span_of(gram));
  SmallEigen eigen = agree(comm, [&] { return small_symmetric_eigen(gram); });
  Matrix kept(gram.rows(), 0);
  Matrix scales(0, 1);
  if (comm.is_root()) {
    const Index count = (eigen.eigenvalues.array() > shortest * shortest).count();
    kept = eigen.vectors.rightCols(count);
    scales = eigen.eigenvalues.tail(count).cwiseSqrt();
  }
  share(comm, kept);
  share(comm, scales);
  const auto lengths = scales.col(0);
  return {block * (kept * lengths.cwiseInverse().asDiagonal()),
          lengths.asDiagonal() * kept.transpose()};
}

}  // namespace ntkflow
