#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/linalg/symmetric_eigen.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/spectrum/eigenspaces.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"
#include "spectrum/eigenbasis.hpp"

#include <fmt/format.h>

#include <utility>

namespace ntkflow {
namespace {

// Each rank checks its own rows, so that all weights are checked once.
Vector positive_weights(const PointSet& points, IndexRange rows) {
  const Vector weights = points.weights(indices_of(rows));
  for (Index i = 0; i < weights.size(); ++i)
    if (!(weights[i] > 0))
      throw ConfigError(
          fmt::format("weight of point {} (from 0) = {}; need > 0", rows.first + i, weights[i]));
  return weights;
}

// W^{1/2} K W^{1/2} in place of K.
void scale_by_weights(const PointSet& points, DistMatrix& gram) {
  const auto [rows, columns] = agree(gram.grid().comm(), [&] {
    return std::pair(points.weights(gram.my_rows()), points.weights(gram.my_columns()));
  });
  gram.local().array().colwise() *= rows.array().sqrt();
  gram.local().array().rowwise() *= columns.array().sqrt().transpose();
}

EigenDecomposition decompose(const ProcessGrid& grid, const Kernel& kernel,
                             const PointSet& points) {
  DistMatrix gram = assemble_gram(grid, kernel, points, Triangle::lower);
  scale_by_weights(points, gram);
  return symmetric_eigen(std::move(gram));
}

EigenspaceChoice choose_or_refuse(const Vector& descending, Index eigenpairs) {
  if (!(descending[0] > 0))
    throw NumericalError(
        fmt::format("largest eigenvalue of the kernel = {}, need > 0: it is zero at these points",
                    descending[0]));
  const EigenspaceChoice choice = choose_eigenspaces(descending, eigenpairs);
  if (choice.count() == 0)
    throw ConfigError(
        fmt::format("reference.eigenpairs = {}, need >= {}: the first eigenspace is never cut",
                    eigenpairs, eigenspace_end(descending, 0)));
  return choice;
}

// The eigenvectors of the largest eigenvalues, largest first. Consumes the block-cyclic ones.
RowBlocks largest_eigenvectors(EigenDecomposition decomposition, Index count) {
  const Index n = decomposition.eigenvalues.size();
  RowBlocks vectors = to_row_blocks(decomposition.eigenvectors, {n - count, n});
  for (Index i = 0; i < count / 2; ++i) vectors.local.col(i).swap(vectors.local.col(count - 1 - i));
  return vectors;
}

}  // namespace

ComputedSpectrum kernel_spectrum(const ProcessGrid& grid, const Kernel& kernel,
                                 const PointSet& points, const SpectrumOptions& options) {
  NTKFLOW_EXPECTS(points.count() >= 1 && options.eigenpairs >= 1);
  const Communicator& comm = grid.comm();
  refuse_eigen_overflow(BlockCyclicLayout::square(points.count(), grid.shape()));
  const IndexRange my_rows = Partition(points.count(), comm.size()).range(comm.rank());
  Vector my_weights = agree(comm, [&] { return positive_weights(points, my_rows); });

  EigenDecomposition decomposition = decompose(grid, kernel, points);
  const Vector descending = decomposition.eigenvalues.reverse();
  const EigenspaceChoice choice = choose_or_refuse(descending, options.eigenpairs);
  RowBlocks functions = largest_eigenvectors(std::move(decomposition), choice.count());
  functions.local.array().colwise() /= my_weights.array().sqrt();
  fix_eigenbasis(comm, choice.ranges(), my_weights, options.seed, functions);

  return {{.eigenvalues = descending.head(choice.count()),
           .eigenspace = choice.eigenspace,
           .eigenfunctions = std::move(functions),
           .my_weights = std::move(my_weights)},
          descending,
          choice.dropped,
          choice.incomplete};
}

}  // namespace ntkflow
