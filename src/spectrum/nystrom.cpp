#include "ntkflow/spectrum/nystrom.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "spectrum/feature_chunk.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

// sum_j w_j K(x, z_j) phi_i(z_j) over this rank's z_j, at one chunk of targets x.
Matrix my_part_of_sum(const Kernel& kernel, const PointFeatures& targets,
                      const std::vector<FeatureChunk>& mine, const KernelSpectrum& spectrum) {
  Matrix sum = Matrix::Zero(targets.count(), spectrum.count());
  for (const auto& [rows, features] : mine) {
    Matrix tile(targets.count(), rows.count());
    kernel.tile(targets, *features, tile);
    tile *= spectrum.my_weights.segment(rows.first, rows.count()).asDiagonal();
    sum += tile * spectrum.eigenfunctions.local.middleRows(rows.first, rows.count());
  }
  return sum;
}

void refuse_non_finite(const Matrix& local, IndexRange rows) {
  for (Index i = 0; i < local.rows(); ++i)
    if (!local.row(i).allFinite())
      throw NumericalError(
          fmt::format("the extension of the eigenfunctions to point {} (from 0) "
                      "is not finite: the kernel fails there",
                      rows.first + i));
}

}  // namespace

RowBlocks kernel_image(const Communicator& comm, const Kernel& kernel, const PointSet& points,
                       const KernelSpectrum& spectrum, const PointSet& targets) {
  NTKFLOW_EXPECTS(points.count() == spectrum.eigenfunctions.partition.count());
  const Partition partition(targets.count(), comm.size());
  const IndexRange my_rows = partition.range(comm.rank());
  RowBlocks result{partition, Matrix::Zero(my_rows.count(), spectrum.count())};

  const std::vector<FeatureChunk> mine = agree(comm, [&] {
    return prepare_chunks(kernel, points,
                          indices_of(spectrum.eigenfunctions.partition.range(comm.rank())));
  });
  for (int owner = 0; owner < comm.size(); ++owner) {
    const IndexList rows = indices_of(partition.range(owner));
    for (const IndexRange chunk : chunks_of(count_of(rows))) {
      Matrix sum = agree(comm, [&] {
        const FeatureChunk prepared = prepare_chunk(kernel, targets, rows, chunk);
        return my_part_of_sum(kernel, *prepared.features, mine, spectrum);
      });
      sum_to_rank(comm, span_of(sum), owner);
      if (owner == comm.rank()) result.local.middleRows(chunk.first, chunk.count()) = sum;
    }
  }
  agree(comm, [&] { refuse_non_finite(result.local, my_rows); });
  return result;
}

RowBlocks nystrom_extension(const Communicator& comm, const Kernel& kernel,
                            const PointSet& reference, const KernelSpectrum& spectrum,
                            const PointSet& targets) {
  RowBlocks result = kernel_image(comm, kernel, reference, spectrum, targets);
  result.local *= spectrum.eigenvalues.cwiseInverse().asDiagonal();
  return result;
}

}  // namespace ntkflow
