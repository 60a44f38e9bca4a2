#include "ntkflow/spectrum/gram_matrix.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "spectrum/feature_chunk.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {
namespace {

Index at(const IndexList& list, Index i) {
  return list[static_cast<std::size_t>(i)];
}

// Global indices ascend in local order, so a tile meets the lower triangle when its last row is not
// above its first column.
bool is_wanted(const DistMatrix& gram, IndexRange rows, IndexRange columns, Triangle triangle) {
  return triangle == Triangle::full ||
         at(gram.my_rows(), rows.last - 1) >= at(gram.my_columns(), columns.first);
}

void fill_tiles(const Kernel& kernel, const PointSet& points, Triangle triangle, DistMatrix& gram) {
  const std::vector<FeatureChunk> row_chunks = prepare_chunks(kernel, points, gram.my_rows());
  for (const IndexRange columns : chunks_of(count_of(gram.my_columns()))) {
    const FeatureChunk column_chunk = prepare_chunk(kernel, points, gram.my_columns(), columns);
    for (const auto& [rows, row_features] : row_chunks)
      if (is_wanted(gram, rows, columns, triangle))
        kernel.tile(*row_features, *column_chunk.features,
                    gram.local().block(rows.first, columns.first, rows.count(), columns.count()));
  }
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

}  // namespace ntkflow
