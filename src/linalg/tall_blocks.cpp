#include "linalg/tall_blocks.hpp"

#include "linalg/lapack.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/parallel/exchange.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <utility>
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

// A QR decomposition on this rank alone: R b x b, below its last row zeros where the block has fewer
// than b rows.
struct LocalQr {
  Matrix q;
  Matrix r;

  explicit LocalQr(const Matrix& block) {
    const Index count = std::min(block.rows(), block.cols());
    q.resize(block.rows(), 0);
    r.setZero(block.cols(), block.cols());
    if (count == 0) return;
    const Eigen::HouseholderQR<Matrix> qr(block);
    q = qr.householderQ() * Matrix::Identity(block.rows(), count);
    r.topRows(count) = qr.matrixQR().topRows(count).triangularView<Eigen::Upper>();
  }
};

// The QR decomposition of a block whose rows are shared by all ranks, but for the last factor: R on
// root, and on each rank what takes a b x r matrix on root to this rank's rows of Q times it. Ranks
// merge their R two by two up a binary tree and hand the products down it.
class TreeQr {
 public:
  TreeQr(const Communicator& comm, const Matrix& block) : comm_(comm), mine_(block), r_(mine_.r) {
    const Index b = block.cols();
    Matrix pair(2 * b, b);
    for (int stride = 1; stride < comm.size(); stride *= 2) {
      if (comm.rank() % (2 * stride) != 0) {
        parent_ = comm.rank() - stride;
        send(comm, span_of(r_), parent_);
        return;
      }
      if (comm.rank() + stride >= comm.size()) continue;
      Matrix other(b, b);
      receive(comm, span_of(other), comm.rank() + stride);
      pair << r_, other;
      LocalQr merged(pair);
      r_ = std::move(merged.r);
      children_.push_back({comm.rank() + stride, std::move(merged.q)});
    }
  }

  const Matrix& r() const { return r_; }

  // Shape: columns b x r, of meaning on root; result my rows x r.
  Matrix apply(Matrix columns) const {
    if (!comm_.is_root()) receive(comm_, span_of(columns), parent_);
    const Index b = columns.rows();
    for (auto child = children_.rbegin(); child != children_.rend(); ++child) {
      const Matrix both = child->q * columns;
      const Matrix lower = both.bottomRows(b);
      send(comm_, span_of(lower), child->rank);
      columns = both.topRows(b);
    }
    return mine_.q * columns.topRows(mine_.q.cols());
  }

 private:
  struct Child {
    int rank;
    Matrix q;  // 2b x b
  };

  const Communicator& comm_;
  LocalQr mine_;
  Matrix r_;
  int parent_ = -1;
  std::vector<Child> children_;
};

// columns x coefficients = r but for directions smaller than `smallest`.
Orthonormal pivoted(const Matrix& r, double smallest) {
  const Eigen::ColPivHouseholderQR<Matrix> qr(r);
  const auto diagonal = qr.matrixQR().diagonal().cwiseAbs();
  Index count = 0;
  while (count < diagonal.size() && diagonal[count] > smallest) ++count;
  Matrix upper = qr.matrixQR().topRows(count).triangularView<Eigen::Upper>();
  return {qr.householderQ() * Matrix::Identity(r.rows(), count),
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
  const TreeQr tree(comm, block);
  Orthonormal last;
  if (comm.is_root()) last = pivoted(tree.r(), smallest);
  share(comm, last.coefficients);
  last.columns.resize(block.cols(), last.coefficients.rows());
  return {tree.apply(std::move(last.columns)), last.coefficients};
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
