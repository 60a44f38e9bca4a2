#include "ntkflow/spectrum/stored_kernel.hpp"

#include "ntkflow/input/hdf5_reader.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "spectrum/feature_chunk.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace ntkflow {
namespace {

struct NumberedFeatures final : PointFeatures {
  IndexList numbers;

  Index count() const override { return count_of(numbers); }
};

// The list's runs of consecutive numbers, as positions in the list.
std::vector<IndexRange> runs_of(const IndexList& numbers) {
  std::vector<IndexRange> runs;
  for (Index i = 0; i < count_of(numbers); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (i == 0 || numbers[at] != numbers[at - 1] + 1) runs.push_back({i, i});
    runs.back().last = i + 1;
  }
  return runs;
}

class StoredKernel final : public Kernel {
 public:
  explicit StoredKernel(StoredMatrix matrix) : matrix_(std::move(matrix)) {}

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    auto features = std::make_unique<NumberedFeatures>();
    for (Index i = 0; i < points.cols(); ++i)
      features->numbers.push_back(static_cast<Index>(std::lround(points(0, i))));
    return features;
  }

  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override {
    const IndexList& i = dynamic_cast<const NumberedFeatures&>(rows).numbers;
    const IndexList& j = dynamic_cast<const NumberedFeatures&>(columns).numbers;
    for (const IndexRange row : runs_of(i))
      for (const IndexRange column : runs_of(j))
        out.block(row.first, column.first, row.count(), column.count()) =
            matrix_.block(numbers(i, row), numbers(j, column));
  }

 private:
  static IndexRange numbers(const IndexList& list, IndexRange run) {
    const Index first = list[static_cast<std::size_t>(run.first)];
    return {first, first + run.count()};
  }

  StoredMatrix matrix_;
};

// Tiles on and below the diagonal are dealt to the ranks in turn.
void check_symmetry(const StoredMatrix& matrix, const Communicator& comm) {
  constexpr double tolerance = 1e-12;
  Index tile = 0;
  for (const IndexRange rows : chunks_of(matrix.rows()))
    for (const IndexRange columns : chunks_of(rows.last)) {
      if (tile++ % comm.size() != comm.rank()) continue;
      const Matrix below = matrix.block(rows, columns);
      const Matrix above = matrix.block(columns, rows).transpose();
      Index i = 0, j = 0;
      const double worst = (below - above).cwiseAbs().maxCoeff(&i, &j);
      if (worst > tolerance * below.cwiseAbs().maxCoeff())
        matrix.refuse(
            fmt::format("expected a symmetric matrix, found {} at [{}, {}] and {} at its "
                        "mirror image",
                        below(i, j), rows.first + i, columns.first + j, above(i, j)));
    }
}

}  // namespace

NumberedPoints::NumberedPoints(std::shared_ptr<const PointSet> points)
    : points_(std::move(points)) {}

Matrix NumberedPoints::points(std::span<const Index> indices) const {
  return Matrix::NullaryExpr(1, count_of(indices), [&](Index, Index j) {
    return static_cast<double>(indices[static_cast<std::size_t>(j)]);
  });
}

Vector NumberedPoints::weights(std::span<const Index> indices) const {
  return points_->weights(indices);
}

Vector NumberedPoints::targets(std::span<const Index> indices) const {
  return points_->targets(indices);
}

std::unique_ptr<Kernel> make_stored_kernel(const Communicator& comm, const DatasetPath& from,
                                           Index n) {
  return agree(comm, [&] {
    StoredMatrix matrix(from);
    if (matrix.rows() != n || matrix.columns() != n)
      matrix.refuse(
          fmt::format("expected the shape ({0}, {0}), a kernel at the reference points, "
                      "found ({1}, {2})",
                      n, matrix.rows(), matrix.columns()));
    check_symmetry(matrix, comm);
    return std::unique_ptr<Kernel>(std::make_unique<StoredKernel>(std::move(matrix)));
  });
}

}  // namespace ntkflow
