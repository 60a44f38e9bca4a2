#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/linalg/symmetric_eigen.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/spectrum/eigenspaces.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"
#include "spectrum/eigenbasis.hpp"

#include <fmt/format.h>

#include <algorithm>
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

EigenspaceChoice choose_or_refuse(const Vector& descending, const SpectrumOptions& options) {
  if (!(descending[0] > 0))
    throw NumericalError(
        fmt::format("largest eigenvalue of the kernel = {}, need > 0: it is zero at these points",
                    descending[0]));
  EigenspaceChoice choice = choose_eigenspaces(descending, options.eigenpairs);
  if (choice.count() == 0)
    throw ConfigError(
        fmt::format("reference.eigenpairs = {}, need >= {}: the first eigenspace is never cut",
                    options.eigenpairs, eigenspace_end(descending, 0)));
  return choice;
}

ComputedSpectrum nothing_yet(const Communicator& comm, const PointSet& points) {
  KernelSpectrum empty{{}, {}, {Partition(points.count(), comm.size()), {}}, {}};
  return {std::move(empty), {}, 0, 0, 0, 0, {}, 0, {}};
}

// Notes which pairs are kept; returns how many.
Index keep(const EigenspaceChoice& choice, ComputedSpectrum& spectrum) {
  spectrum.eigenvalues = spectrum.all_eigenvalues.head(choice.count());
  spectrum.eigenspace = choice.eigenspace;
  spectrum.dropped = choice.dropped;
  spectrum.incomplete = choice.incomplete;
  return choice.count();
}

// The eigenvectors of the largest eigenvalues, largest first. Consumes the block-cyclic ones.
RowBlocks largest_eigenvectors(EigenDecomposition decomposition, Index count) {
  const Index n = decomposition.eigenvalues.size();
  RowBlocks vectors = to_row_blocks(decomposition.eigenvectors, {n - count, n});
  for (Index i = 0; i < count / 2; ++i) vectors.local.col(i).swap(vectors.local.col(count - 1 - i));
  return vectors;
}

ComputedSpectrum dense_spectrum(const ProcessGrid& grid, const Kernel& kernel,
                                const PointSet& points, const SpectrumOptions& options) {
  refuse_eigen_overflow(BlockCyclicLayout::square(points.count(), grid.shape()));
  DistMatrix gram = assemble_weighted_gram(grid, kernel, points);
  const Stopwatch watch;
  EigenDecomposition decomposition = symmetric_eigen(
      std::move(gram), std::min(options.eigenpairs, points.count()),
      options.solver == Solver::elpa ? EigenBackend::elpa : EigenBackend::scalapack);
  ComputedSpectrum spectrum = nothing_yet(grid.comm(), points);
  spectrum.decomposition_s = watch.elapsed_s();
  spectrum.all_eigenvalues = decomposition.eigenvalues.reverse();
  spectrum.smallest = decomposition.eigenvalues[0];
  const Index count = keep(choose_or_refuse(spectrum.all_eigenvalues, options), spectrum);
  spectrum.eigenfunctions = largest_eigenvectors(std::move(decomposition), count);
  return spectrum;
}

ComputedSpectrum krylov_spectrum(const Communicator& comm, const Kernel& kernel,
                                 const PointSet& points, const Vector& my_weights,
                                 const SpectrumOptions& options) {
  const KernelOperator matrix(comm, kernel, points, my_weights);
  KrylovPairs pairs = largest_eigenpairs(matrix, {.eigenpairs = options.eigenpairs,
                                                  .tolerance = options.tolerance,
                                                  .most_columns = options.most_columns,
                                                  .seed = options.seed,
                                                  .after_pass = options.after_pass});
  ComputedSpectrum spectrum = nothing_yet(comm, points);
  spectrum.all_eigenvalues = pairs.eigenvalues;
  spectrum.smallest = pairs.smallest;
  spectrum.passes = pairs.passes;
  spectrum.work = matrix.work();
  const Index count = keep(choose_or_refuse(spectrum.all_eigenvalues, options), spectrum);
  spectrum.residuals = pairs.residuals.head(count);
  pairs.vectors.local.conservativeResize(Eigen::NoChange, count);
  spectrum.eigenfunctions = std::move(pairs.vectors);
  return spectrum;
}

}  // namespace

ComputedSpectrum kernel_spectrum(const ProcessGrid& grid, const Kernel& kernel,
                                 const PointSet& points, const SpectrumOptions& options) {
  NTKFLOW_EXPECTS(points.count() >= 1 && options.eigenpairs >= 1);
  const Communicator& comm = grid.comm();
  const IndexRange my_rows = Partition(points.count(), comm.size()).range(comm.rank());
  const Vector my_weights = agree(comm, [&] { return positive_weights(points, my_rows); });

  ComputedSpectrum spectrum = options.solver != Solver::krylov
                                  ? dense_spectrum(grid, kernel, points, options)
                                  : krylov_spectrum(comm, kernel, points, my_weights, options);
  spectrum.my_weights = my_weights;
  spectrum.eigenfunctions.local.array().colwise() /= my_weights.array().sqrt();
  fix_eigenbasis(comm, EigenspaceChoice{spectrum.eigenspace}.ranges(), my_weights, options.seed,
                 spectrum.eigenfunctions);
  return spectrum;
}

Vector project(const Communicator& comm, const KernelSpectrum& spectrum, const Vector& my_values) {
  Vector coefficients =
      spectrum.eigenfunctions.local.transpose() * spectrum.my_weights.cwiseProduct(my_values);
  sum_over_ranks(comm, span_of(coefficients));
  return coefficients;
}

}  // namespace ntkflow
