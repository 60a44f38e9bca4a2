#include "kernel/pair_chain.hpp"
#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// Column points that go through the layers together where a point is a vector.
constexpr Index columns_at_once = 16;

// The correlations of vectors: from their cosines, and near the ends from the difference or sum of
// the unit vectors. Shape: cosines at most lanes x columns.count(), near and far lanes x that.
void set_vector_correlations(const Matrix& rows, const Matrix& columns, Index first_row,
                             IndexRange block, const Eigen::Ref<const Matrix>& cosines,
                             Matrix& near, Matrix& far) {
  near.setOnes(lanes, block.count());
  far.setOnes(lanes, block.count());
  near.topRows(cosines.rows()) -= cosines;
  far.topRows(cosines.rows()) += cosines;
  for (Index s = 0; s < block.count(); ++s)
    for (Index i = 0; i < cosines.rows(); ++i) {
      if (std::min(near(i, s), far(i, s)) >= near_end) continue;
      const auto u = rows.col(first_row + i), v = columns.col(block.first + s);
      const bool parallel = cosines(i, s) > 0.0;
      const double gap = 0.5 * (parallel ? (u - v).squaredNorm() : (u + v).squaredNorm());
      near(i, s) = parallel ? gap : 2.0 - gap;
      far(i, s) = parallel ? 2.0 - gap : gap;
    }
}

class AnalyticKernel final : public Kernel {
 public:
  AnalyticKernel(const Architecture& architecture, AnalyticKind kind)
      : network_(architecture), kind_(kind) {
    if (network_.on_vectors) return;
    const Lattice lattice = network_.top().lattice;
    const Lattice reach = network_.readout_kind == ReadoutKind::average ? lattice : Lattice{};
    for (Index y = 0; y < reach.rows; ++y)
      for (Index x = 0; x < reach.columns; ++x)
        plans_.emplace_back(network_, network_.levels.size() - 1, Displacement{y, x});
  }

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    return prepare_points(network_, points);
  }

  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override;

 private:
  using Tile = Eigen::Ref<Matrix>;
  void fill_vectors(const AnalyticPoints& rows, const AnalyticPoints& columns, Tile out) const;
  void add_grids(const AnalyticPoints& rows, const AnalyticPoints& columns,
                 const DisplacementPlan& plan, Tile out) const;
  Lanes readout(const Lanes& value, const Lanes& tangent) const;
  double readout_bias() const;

  LimitNetwork network_;
  AnalyticKind kind_;
  std::vector<DisplacementPlan> plans_;  // of the pairs that the readout sees
};

void AnalyticKernel::tile(const PointFeatures& rows, const PointFeatures& columns,
                          Eigen::Ref<Matrix> out) const {
  const auto& row_points = dynamic_cast<const AnalyticPoints&>(rows);
  const auto& column_points = dynamic_cast<const AnalyticPoints&>(columns);
  NTKFLOW_EXPECTS(out.rows() == rows.count() && out.cols() == columns.count());
  if (network_.on_vectors) {
    fill_vectors(row_points, column_points, out);
  } else {
    out.setZero();
    for (const DisplacementPlan& plan : plans_) add_grids(row_points, column_points, plan, out);
    const auto pairs = static_cast<double>(plans_.size() * plans_.size());
    out = (out.array() / pairs + readout_bias()).matrix();
  }
}

void AnalyticKernel::fill_vectors(const AnalyticPoints& rows, const AnalyticPoints& columns,
                                  Tile out) const {
  out.noalias() = rows.unit.transpose() * columns.unit;
  PairChain chain(network_, rows, columns);
  Matrix near, far;
  for (Index g = 0; g < rows.groups(); ++g) {
    const Index first = g * lanes, count = std::min(lanes, out.rows() - first);
    for (Index j = 0; j < out.cols(); j += columns_at_once) {
      const IndexRange block{j, std::min(j + columns_at_once, out.cols())};
      set_vector_correlations(rows.unit, columns.unit, first, block,
                              out.block(first, j, count, block.count()), near, far);
      const PairState& state = chain.run_vectors(g, block, near, far);
      for (Index s = 0; s < block.count(); ++s)
        out.col(j + s).segment(first, count) =
            (readout(state.value.col(s), state.tangent.col(s)) + readout_bias()).head(count);
    }
  }
}

void AnalyticKernel::add_grids(const AnalyticPoints& rows, const AnalyticPoints& columns,
                               const DisplacementPlan& plan, Tile out) const {
  PairChain chain(network_, rows, columns);
  for (Index j = 0; j < out.cols(); ++j)
    for (Index g = 0; g < rows.groups(); ++g) {
      const PairState& state = chain.run(plan, network_.levels.size() - 1, g, j);
      const Lanes sum = readout(state.value.rowwise().sum(), state.tangent.rowwise().sum());
      const Index count = std::min(lanes, out.rows() - g * lanes);
      out.col(j).segment(g * lanes, count) += sum.head(count).matrix();
    }
}

// Without the bias.
Lanes AnalyticKernel::readout(const Lanes& value, const Lanes& tangent) const {
  const AffineLimit& limit = network_.readout;
  if (kind_ == AnalyticKind::nngp) return limit.gain * value;
  return limit.gain * (limit.weights_tangent * value + tangent);
}

double AnalyticKernel::readout_bias() const {
  return kind_ == AnalyticKind::nngp ? network_.readout.bias_variance
                                     : network_.readout.bias_tangent;
}

}  // namespace

std::unique_ptr<Kernel> make_analytic_kernel(const Architecture& architecture, AnalyticKind kind) {
  return std::make_unique<AnalyticKernel>(architecture, kind);
}

}  // namespace ntkflow
