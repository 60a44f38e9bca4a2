#include "ntkflow/observe/kernel_distance.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace ntkflow {
namespace {

constexpr Index most_rows = 1024;
constexpr Index tile_columns = 256;

// Some consecutive points as two kernels see them.
struct PairOfFeatures {
  IndexRange range;
  Vector weights;
  std::unique_ptr<PointFeatures> a, b;
};

PairOfFeatures prepare(const KernelOnPoints& a, const KernelOnPoints& b, IndexRange range) {
  const IndexList indices = indices_of(range);
  return {range, a.points.weights(indices), a.kernel.prepare(a.points.points(indices)),
          b.kernel.prepare(b.points.points(indices))};
}

// sum_ij w_i w_j m_ij^2 over the lower triangle, entries below the diagonal twice.
double weighted_square(const Matrix& m, const PairOfFeatures& rows, const PairOfFeatures& columns) {
  double sum = 0.0;
  for (Index j = 0; j < m.cols(); ++j) {
    const Index diagonal =
        std::clamp<Index>(columns.range.first + j - rows.range.first, -1, m.rows());
    const Index below = m.rows() - 1 - diagonal;
    const auto squares = rows.weights.cwiseProduct(m.col(j).cwiseAbs2());
    double column = below > 0 ? 2.0 * squares.tail(below).sum() : 0.0;
    if (0 <= diagonal && diagonal < m.rows()) column += squares(diagonal);
    sum += columns.weights(j) * column;
  }
  return sum;
}

// ||A - B||^2 and ||B||^2 over the rows of one block and all columns up to its diagonal.
std::array<double, 2> squares_of_rows(const KernelOnPoints& a, const KernelOnPoints& b,
                                      IndexRange block) {
  std::array<double, 2> sum = {0.0, 0.0};
  const PairOfFeatures rows = prepare(a, b, block);
  for (Index first = 0; first < block.last; first += tile_columns) {
    const PairOfFeatures columns =
        prepare(a, b, {first, std::min(first + tile_columns, block.last)});
    Matrix tile_a(block.count(), columns.range.count());
    Matrix tile_b(block.count(), columns.range.count());
    a.kernel.tile(*rows.a, *columns.a, tile_a);
    b.kernel.tile(*rows.b, *columns.b, tile_b);
    tile_a -= tile_b;
    sum[0] += weighted_square(tile_a, rows, columns);
    sum[1] += weighted_square(tile_b, rows, columns);
  }
  return sum;
}

// Blocks of rows grow more costly downwards, so they are dealt 0 1 2 2 1 0 0 1 2 ...
bool is_mine(const Communicator& comm, Index block) {
  const Index ranks = comm.size(), turn = block % (2 * ranks);
  return comm.rank() == std::min(turn, 2 * ranks - 1 - turn);
}

}  // namespace

KernelDistance kernel_distance(const Communicator& comm, const KernelOnPoints& a,
                               const KernelOnPoints& b) {
  NTKFLOW_EXPECTS(a.points.count() == b.points.count());
  const Index n = a.points.count(), shares = 2 * comm.size();
  const Index height = std::clamp<Index>((n + shares - 1) / shares, 1, most_rows);
  std::array<double, 2> sum = agree(comm, [&] {
    std::array<double, 2> mine = {0.0, 0.0};
    for (Index block = 0; block * height < n; ++block) {
      if (!is_mine(comm, block)) continue;
      const auto part = squares_of_rows(a, b, {block * height, std::min(n, (block + 1) * height)});
      mine[0] += part[0];
      mine[1] += part[1];
    }
    if (!std::isfinite(mine[0]) || !std::isfinite(mine[1]))
      throw NumericalError(
          "the distance of two kernels is not finite: one of them fails at some "
          "point");
    return mine;
  });
  sum_over_ranks(comm, std::span<double>(sum));
  return {std::sqrt(sum[0]), std::sqrt(sum[1])};
}

}  // namespace ntkflow
