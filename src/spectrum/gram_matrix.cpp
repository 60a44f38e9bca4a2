#include "ntkflow/spectrum/gram_matrix.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "spectrum/feature_chunk.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace ntkflow {
namespace {

// Points of a tile's side where the columns of a process are its rows: a tile on the diagonal is
// symmetric. Elsewhere less of a smaller one is computed in vain beyond the diagonal.
constexpr Index whole_tile = 512;
constexpr Index half_tile = 256;

// Row points whose features are kept: memory does not grow with n, and preparing the columns anew
// for every so many rows costs little beside the tiles.
constexpr Index kept_rows = 4096;

Index at(const IndexList& list, Index i) {
  return list[static_cast<std::size_t>(i)];
}

// Global indices ascend in local order, so a tile meets the lower triangle when its last row is not
// above its first column.
bool is_wanted(const DistMatrix& gram, IndexRange rows, IndexRange columns, Triangle triangle) {
  return triangle == Triangle::full ||
         at(gram.my_rows(), rows.last - 1) >= at(gram.my_columns(), columns.first);
}

// Fills the tiles of some consecutive local rows, whose features are kept meanwhile.
void fill_rows(const Kernel& kernel, const PointSet& points, Triangle triangle, IndexRange rows,
               DistMatrix& gram) {
  const bool has_own_columns = gram.my_rows() == gram.my_columns();
  const Index size = has_own_columns ? whole_tile : half_tile;
  std::vector<FeatureChunk> row_chunks;
  for (const IndexRange chunk : chunks_of(rows, size))
    row_chunks.push_back(prepare_chunk(kernel, points, gram.my_rows(), chunk));
  for (const IndexRange columns : chunks_of({0, count_of(gram.my_columns())}, size)) {
    if (!is_wanted(gram, rows, columns, triangle)) continue;
    // The same points are prepared once, and the kernel sees that their tile is symmetric.
    const bool are_rows = has_own_columns && rows.contains(columns.first);
    FeatureChunk prepared;
    if (!are_rows) prepared = prepare_chunk(kernel, points, gram.my_columns(), columns);
    const auto shared = static_cast<std::size_t>((columns.first - rows.first) / size);
    const PointFeatures& features = *(are_rows ? row_chunks[shared] : prepared).features;
    for (const auto& [chunk, row_features] : row_chunks)
      if (is_wanted(gram, chunk, columns, triangle))
        kernel.tile(*row_features, features,
                    gram.local().block(chunk.first, columns.first, chunk.count(), columns.count()));
  }
}

void fill_tiles(const Kernel& kernel, const PointSet& points, Triangle triangle, DistMatrix& gram) {
  for (const IndexRange rows : chunks_of({0, count_of(gram.my_rows())}, kept_rows))
    fill_rows(kernel, points, triangle, rows, gram);
}

void refuse_non_finite(const DistMatrix& gram) {
  for (Index j = 0; j < gram.local().cols(); ++j)
    for (Index i = 0; i < gram.local().rows(); ++i)
      if (const double value = gram.local()(i, j); !std::isfinite(value))
        throw NumericalError(
            fmt::format("the kernel of points {} and {} (from 0) is {}; need a finite number",
                        at(gram.my_rows(), i), at(gram.my_columns(), j), value));
}

}  // namespace

DistMatrix assemble_gram(const ProcessGrid& grid, const Kernel& kernel, const PointSet& points,
                         Triangle triangle) {
  DistMatrix gram(grid, BlockCyclicLayout::square(points.count(), grid.shape()));
  agree(grid.comm(), [&] {
    fill_tiles(kernel, points, triangle, gram);
    refuse_non_finite(gram);
  });
  return gram;
}

DistMatrix assemble_weighted_gram(const ProcessGrid& grid, const Kernel& kernel,
                                  const PointSet& points) {
  DistMatrix gram = assemble_gram(grid, kernel, points, Triangle::lower);
  const auto [rows, columns] = agree(grid.comm(), [&] {
    return std::pair(points.weights(gram.my_rows()), points.weights(gram.my_columns()));
  });
  gram.local().array().colwise() *= rows.array().sqrt();
  gram.local().array().rowwise() *= columns.array().sqrt().transpose();
  return gram;
}

}  // namespace ntkflow
