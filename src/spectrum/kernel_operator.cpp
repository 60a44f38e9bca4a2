#include "ntkflow/spectrum/kernel_operator.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/parallel/exchange.hpp"

#include <algorithm>
#include <utility>

namespace ntkflow {
namespace {

// Tile sides: long enough that the products run at nearly full speed, short enough that the
// diagonal's halves computed in vain do not count.
constexpr Index chunk_rows = 1024;

// A column of a tile is that much longer than its rows: columns a power of two apart would meet in
// the same lines of the cache.
constexpr Index padding = 8;

// How many chunks a rank's rows are cut into: an even number, so that half of them is half the work.
Index chunk_count(Index rows) {
  if (rows < 2) return rows;
  return (rows + 2 * chunk_rows - 1) / (2 * chunk_rows) * 2;
}

IndexRange chunk_range(Index rows, Index chunk) {
  const Index count = chunk_count(rows);
  return {rows * chunk / count, rows * (chunk + 1) / count};
}

void refuse_non_finite(const Communicator& comm, const Matrix& sums) {
  if (any_rank(comm, !sums.allFinite()))
    throw NumericalError(
        "the kernel of some pair of points is NaN or infinite; need finite numbers");
}

Matrix padded(const Matrix& block, Index rows) {
  Matrix result = Matrix::Zero(rows, block.cols());
  result.topRows(block.rows()) = block;
  return result;
}

}  // namespace

KernelOperator::KernelOperator(const Communicator& comm, const Kernel& kernel,
                               const PointSet& points, const Vector& my_weights)
    : comm_(comm),
      kernel_(kernel),
      points_(points),
      partition_(points.count(), comm.size()),
      root_weights_(my_weights.cwiseSqrt()),
      tile_(std::min(chunk_rows, partition_.block()) + padding,
            std::min(chunk_rows, partition_.block())) {
  const Index rows = partition_.range(comm.rank()).count();
  NTKFLOW_EXPECTS(my_weights.size() == rows);
  agree(comm, [&] {
    for (Index chunk = 0; chunk < chunk_count(rows); ++chunk)
      features_.push_back(prepare(comm.rank(), chunk_range(rows, chunk)));
  });
}

std::unique_ptr<PointFeatures> KernelOperator::prepare(int owner, IndexRange chunk) const {
  const Stopwatch watch;
  const Index first = partition_.range(owner).first;
  auto features =
      kernel_.prepare(points_.points(indices_of({first + chunk.first, first + chunk.last})));
  work_.entries_s += watch.elapsed_s();
  return features;
}

KernelOperator::Step KernelOperator::step_at(int distance) const {
  const int owner = (comm_.rank() + distance) % comm_.size();
  const Index theirs = chunk_count(partition_.range(owner).count());
  Step step{owner, {0, count_of(features_)}, {0, theirs}};
  if (2 * distance == comm_.size()) {
    if (comm_.rank() < owner)
      step.theirs.last = theirs / 2;
    else
      step.mine.first = step.mine.last / 2;
  }
  return step;
}

// Fills tile_ with the kernel of two chunks.
void KernelOperator::fill_tile(const PointFeatures& rows, const PointFeatures& columns) const {
  const Stopwatch watch;
  kernel_.tile(rows, columns, tile_.topLeftCorner(rows.count(), columns.count()));
  work_.entries += static_cast<double>(rows.count() * columns.count());
  work_.entries_s += watch.elapsed_s();
}

// The tile times x's rows for the columns' sums and the other way round.
void KernelOperator::add_products(IndexRange rows, const Matrix& x, Matrix& sums,
                                  IndexRange columns, const Matrix& other,
                                  Matrix& other_sums) const {
  const Stopwatch watch;
  const auto tile = tile_.topLeftCorner(rows.count(), columns.count());
  sums.middleRows(rows.first, rows.count()).noalias() +=
      tile * other.middleRows(columns.first, columns.count());
  other_sums.middleRows(columns.first, columns.count()).noalias() +=
      tile.transpose() * x.middleRows(rows.first, rows.count());
  work_.flops += 4.0 * static_cast<double>(tile.size() * x.cols());
  work_.products_s += watch.elapsed_s();
}

void KernelOperator::multiply_diagonal(const Matrix& x, Matrix& sums) const {
  for (Index j = 0; j < count_of(features_); ++j) {
    const IndexRange columns = chunk_range(x.rows(), j);
    for (Index i = 0; i <= j; ++i) {
      const IndexRange rows = chunk_range(x.rows(), i);
      fill_tile(*features_[static_cast<std::size_t>(i)], *features_[static_cast<std::size_t>(j)]);
      if (i < j)
        add_products(rows, x, sums, columns, x, sums);
      else
        add_diagonal_product(rows, x, sums);
    }
  }
}

void KernelOperator::add_diagonal_product(IndexRange rows, const Matrix& x, Matrix& sums) const {
  const Stopwatch watch;
  const auto tile = tile_.topLeftCorner(rows.count(), rows.count());
  sums.middleRows(rows.first, rows.count()).noalias() +=
      tile * x.middleRows(rows.first, rows.count());
  work_.flops += 2.0 * static_cast<double>(tile.size() * x.cols());
  work_.products_s += watch.elapsed_s();
}

void KernelOperator::multiply(const Step& step, const Matrix& x, const Matrix& other, Matrix& sums,
                              Matrix& other_sums) const {
  const Index their_rows = partition_.range(step.owner).count();
  for (Index j = step.theirs.first; j < step.theirs.last; ++j) {
    const IndexRange columns = chunk_range(their_rows, j);
    const auto features = prepare(step.owner, columns);
    for (Index i = step.mine.first; i < step.mine.last; ++i) {
      fill_tile(*features_[static_cast<std::size_t>(i)], *features);
      add_products(chunk_range(x.rows(), i), x, sums, columns, other, other_sums);
    }
  }
}

// The column blocks of other ranks, each with its sums, come by from the right-hand neighbour.
void KernelOperator::add_from_ring(const Matrix& x, Matrix& sums) const {
  const int size = comm_.size(), rank = comm_.rank(), farthest = size / 2;
  Matrix other = padded(x, partition_.block());
  Matrix other_sums = Matrix::Zero(other.rows(), other.cols());
  Matrix arriving(other.rows(), other.cols());
  const auto pass_on = [&](Matrix& block, int steps) {
    exchange(comm_, span_of(std::as_const(block)), (rank - steps + size) % size, span_of(arriving),
             (rank + steps) % size);
    block.swap(arriving);
  };
  for (int distance = 1; distance <= farthest; ++distance) {
    pass_on(other, 1);
    if (distance > 1) pass_on(other_sums, 1);
    agree(comm_, [&] { multiply(step_at(distance), x, other, sums, other_sums); });
  }
  pass_on(other_sums, size - farthest);
  sums += other_sums.topRows(sums.rows());
}

Matrix KernelOperator::apply(const Matrix& x) const {
  NTKFLOW_EXPECTS(x.rows() == root_weights_.size());
  const Matrix weighted = root_weights_.asDiagonal() * x;
  Matrix sums = Matrix::Zero(x.rows(), x.cols());
  agree(comm_, [&] { multiply_diagonal(weighted, sums); });
  if (comm_.size() > 1) add_from_ring(weighted, sums);
  sums.array().colwise() *= root_weights_.array();
  refuse_non_finite(comm_, sums);
  return sums;
}

}  // namespace ntkflow
