#include "ntkflow/spectrum/gram_matrix.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "spectrum/feature_chunk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ntkflow {
namespace {

static_assert(chunk_points == assembled_columns);

Index at(const IndexList& list, Index i) {
  return list[static_cast<std::size_t>(i)];
}

// The first of these rows that column j of the lower triangle wants, for each of these columns,
// counted from the first row. Global indices ascend in local order.
IndexList first_rows_of(const DistMatrix& gram, IndexRange rows, IndexRange columns) {
  const auto begin = gram.my_rows().begin() + rows.first, end = gram.my_rows().begin() + rows.last;
  IndexList first_rows;
  for (Index j = columns.first; j < columns.last; ++j)
    first_rows.push_back(std::lower_bound(begin, end, at(gram.my_columns(), j)) - begin);
  return first_rows;
}

// Whether a tile is on or below the diagonal with at least one entry.
bool is_wanted(const DistMatrix& gram, IndexRange rows, IndexRange columns, Triangle triangle) {
  return triangle == Triangle::full ||
         at(gram.my_rows(), rows.last - 1) >= at(gram.my_columns(), columns.first);
}

// A number that is not finite makes the sum of all numbers times 0 NaN.
void refuse_non_finite(const DistMatrix& gram, IndexRange rows, IndexRange columns) {
  for (Index j = columns.first; j < columns.last; ++j) {
    const auto column = gram.local().col(j).segment(rows.first, rows.count());
    if ((0.0 * column).sum() == 0.0) continue;
    for (Index i = rows.first; i < rows.last; ++i)
      if (const double value = gram.local()(i, j); !std::isfinite(value))
        throw NumericalError(
            fmt::format("the kernel of points {} and {} (from 0) is {}; need a finite number",
                        at(gram.my_rows(), i), at(gram.my_columns(), j), value));
  }
}

// Looks at the tile while it is in cache.
void fill_tile(const Kernel& kernel, Triangle triangle, const FeatureChunk& rows,
               IndexRange columns, const PointFeatures& column_features, DistMatrix& gram) {
  const IndexRange range = rows.positions;
  auto out = gram.local().block(range.first, columns.first, range.count(), columns.count());
  if (triangle == Triangle::full)
    kernel.tile(*rows.features, column_features, out);
  else
    kernel.lower_tile(*rows.features, column_features, first_rows_of(gram, range, columns), out);
  refuse_non_finite(gram, range, columns);
}

// Fills the tiles of some consecutive local rows, whose features are kept meanwhile.
void fill_rows(const Kernel& kernel, const PointSet& points, Triangle triangle, IndexRange rows,
               DistMatrix& gram) {
  const bool has_own_columns = gram.my_rows() == gram.my_columns();
  std::vector<FeatureChunk> row_chunks;
  for (const IndexRange chunk : chunks_of(rows, chunk_points))
    row_chunks.push_back(prepare_chunk(kernel, points, gram.my_rows(), chunk));
  for (const IndexRange columns : chunks_of(count_of(gram.my_columns()))) {
    if (!is_wanted(gram, rows, columns, triangle)) continue;
    // The same points are prepared once, and the kernel sees that their tile is symmetric.
    const bool are_rows = has_own_columns && rows.contains(columns.first);
    FeatureChunk prepared;
    if (!are_rows) prepared = prepare_chunk(kernel, points, gram.my_columns(), columns);
    const auto shared = static_cast<std::size_t>((columns.first - rows.first) / chunk_points);
    const PointFeatures& features = *(are_rows ? row_chunks[shared] : prepared).features;
    for (const FeatureChunk& chunk : row_chunks)
      if (is_wanted(gram, chunk.positions, columns, triangle))
        fill_tile(kernel, triangle, chunk, columns, features, gram);
  }
}

void fill_tiles(const Kernel& kernel, const PointSet& points, Triangle triangle, DistMatrix& gram) {
  for (const IndexRange rows : chunks_of({0, count_of(gram.my_rows())}, assembled_rows))
    fill_rows(kernel, points, triangle, rows, gram);
}

}  // namespace

DistMatrix assemble_gram(const ProcessGrid& grid, const Kernel& kernel, const PointSet& points,
                         Triangle triangle) {
  DistMatrix gram(grid, BlockCyclicLayout::square(points.count(), grid.shape()));
  agree(grid.comm(), [&] { fill_tiles(kernel, points, triangle, gram); });
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
