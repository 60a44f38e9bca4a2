#include "spectrum/eigenbasis.hpp"

#include "ntkflow/base/random.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <Eigen/QR>
#include <algorithm>

namespace ntkflow {
namespace {

// W S at my rows. All eigenspaces use the same S: they are orthogonal, so nothing is shared.
Matrix weighted_gaussians(IndexRange rows, Index n, const Vector& weights, Index columns,
                          std::uint64_t seed) {
  const RandomStream stream(seed, RandomPurpose::eigenbasis);
  return Matrix::NullaryExpr(rows.count(), columns, [&](Index i, Index j) {
    return weights[i] * stream.normal(j * n + rows.first + i);
  });
}

// The Q of M = Q R with diag R > 0, which makes it unique.
Matrix orthogonal_factor(const Matrix& m) {
  const Eigen::HouseholderQR<Matrix> qr(m);
  Matrix q = qr.householderQ();
  for (Index i = 0; i < q.cols(); ++i)
    if (qr.matrixQR()(i, i) < 0) q.col(i) *= -1;
  return q;
}

}  // namespace

void fix_eigenbasis(const Communicator& comm, std::span<const IndexRange> eigenspaces,
                    const Vector& my_weights, std::uint64_t seed, RowBlocks& eigenfunctions) {
  Index largest = 0;
  for (const IndexRange space : eigenspaces) largest = std::max(largest, space.count());
  const Partition& partition = eigenfunctions.partition;
  const Matrix gaussians = weighted_gaussians(partition.range(comm.rank()), partition.count(),
                                              my_weights, largest, seed);
  for (const IndexRange space : eigenspaces) {
    auto phi = eigenfunctions.local.middleCols(space.first, space.count());
    Matrix product = phi.transpose() * gaussians.leftCols(space.count());
    sum_over_ranks(comm, span_of(product));
    phi = phi * orthogonal_factor(product);
  }
}

}  // namespace ntkflow
