#include "kernel/pair_chain.hpp"
#include "kernel/scalar_kernel.hpp"
#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// Column points that go through the layers together where a point is a vector.
constexpr Index columns_at_once = 16;

// Entries of a strip of a tile that a table is applied to: they stay in cache behind the product.
constexpr Index strip_entries = 65536;

// Norms within this are one.
constexpr double same_norm = 1e-14;

// A pair whose cosine is rounded too much.
struct NearEnd {
  Index row;
  double near, far;
};

// 1 - rho and 1 + rho of two unit vectors with a cosine near an end.
NearEnd near_end_of(const Eigen::Ref<const Vector>& u, const Eigen::Ref<const Vector>& v,
                    double cosine, Index row) {
  const bool parallel = cosine > 0.0;
  const double gap = 0.5 * (parallel ? (u - v).squaredNorm() : (u + v).squaredNorm());
  return {row, parallel ? gap : 2.0 - gap, parallel ? 2.0 - gap : gap};
}

void find_ends(const Eigen::Ref<const Matrix>& rows, const Eigen::Ref<const Vector>& v,
               const Eigen::Ref<const Vector>& cosines, std::vector<NearEnd>& ends) {
  ends.clear();
  for (Index first = 0; first < cosines.size(); first += lanes) {
    const auto part = cosines.segment(first, std::min(lanes, cosines.size() - first));
    if (part.cwiseAbs().maxCoeff() <= 1.0 - near_end) continue;
    for (Index i = first; i < first + part.size(); ++i)
      if (std::abs(cosines[i]) > 1.0 - near_end)
        ends.push_back(near_end_of(rows.col(i), v, cosines[i], i));
  }
}

// The correlations of vectors: from their cosines, and near the ends from the difference or sum of
// the unit vectors. Shape: cosines at most lanes x columns.count(), near and far lanes x that.
void set_vector_correlations(const Matrix& rows, const Matrix& columns, Index first_row,
                             IndexRange block, const Eigen::Ref<const Matrix>& cosines,
                             LaneMatrix& near, LaneMatrix& far) {
  near.setOnes(lanes, block.count());
  far.setOnes(lanes, block.count());
  near.topRows(cosines.rows()) -= cosines;
  far.topRows(cosines.rows()) += cosines;
  for (Index s = 0; s < block.count(); ++s)
    for (Index i = 0; i < cosines.rows(); ++i) {
      if (std::min(near(i, s), far(i, s)) >= near_end) continue;
      const NearEnd end =
          near_end_of(rows.col(first_row + i), columns.col(block.first + s), cosines(i, s), i);
      near(i, s) = end.near;
      far(i, s) = end.far;
    }
}

// What the readout makes of the means over positions of A and B.
struct ReadoutLimit {
  AffineLimit affine;
  AnalyticKind kind;

  Lanes without_bias(const Lanes& value, const Lanes& tangent) const {
    if (kind == AnalyticKind::nngp) return affine.gain * value;
    return affine.gain * (affine.weights_tangent * value + tangent);
  }
  double bias() const {
    return kind == AnalyticKind::nngp ? affine.bias_variance : affine.bias_tangent;
  }
};

// Without biases ReLU and its family scale: K = |x| |x'| kappa(angle) + the readout's bias.
bool is_homogeneous(const LimitNetwork& network) {
  if (!network.on_vectors) return false;
  return std::ranges::all_of(network.input().layers, [](const LimitLayer& layer) {
    return layer.is_homogeneous && layer.affine.bias_variance == 0.0 &&
           layer.affine.bias_tangent == 0.0;
  });
}

class AnalyticKernel final : public Kernel {
 public:
  AnalyticKernel(const Architecture& architecture, AnalyticKind kind)
      : network_(architecture), readout_{network_.readout, kind} {
    if (is_homogeneous(network_)) scaled_ = std::make_unique<ScalarKernel>(tabulated(1.0));
    if (!network_.on_vectors) plan_grids();
  }

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override;
  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override;

 private:
  using Tile = Eigen::Ref<Matrix>;
  void plan_grids();
  ScalarKernel tabulated(double norm) const;
  std::shared_ptr<const ScalarKernel> table_at(double norm) const;
  void fill_by_table(const ScalarKernel& table, const AnalyticPoints& rows,
                     const AnalyticPoints& columns, Tile out) const;
  void fill_vectors(const AnalyticPoints& rows, const AnalyticPoints& columns, Tile out) const;
  void fill_grids(const AnalyticPoints& rows, const AnalyticPoints& columns, Tile out) const;

  LimitNetwork network_;
  ReadoutLimit readout_;
  std::vector<DisplacementPlan> plans_;   // of the pairs that the readout sees
  std::unique_ptr<ScalarKernel> scaled_;  // kappa of a homogeneous network

  // The table of the last common norm that was asked for.
  mutable std::mutex mutex_;
  mutable double table_norm_ = -1.0;
  mutable std::shared_ptr<const ScalarKernel> table_;
};

void AnalyticKernel::plan_grids() {
  const Lattice lattice = network_.top().lattice;
  const Lattice reach = network_.readout_kind == ReadoutKind::average ? lattice : Lattice{};
  for (Index y = 0; y < reach.rows; ++y)
    for (Index x = 0; x < reach.columns; ++x)
      plans_.emplace_back(network_, network_.levels.size() - 1, Displacement{y, x});
}

std::unique_ptr<PointFeatures> AnalyticKernel::prepare(const Matrix& points) const {
  auto prepared = prepare_points(network_, points);
  if (scaled_) return prepared;
  if (prepared->common_norm)
    prepared->table = table_at(*prepared->common_norm);
  else
    prepared->complete(network_);
  return prepared;
}

// Norms that differ by rounding share a table, whoever asks first.
std::shared_ptr<const ScalarKernel> AnalyticKernel::table_at(double norm) const {
  const std::lock_guard lock(mutex_);
  if (!table_ || std::abs(norm - table_norm_) > same_norm * norm) {
    table_ = std::make_shared<ScalarKernel>(tabulated(norm));
    table_norm_ = norm;
  }
  return table_;
}

// The pairs of the table go through the layers as those of points of this norm.
ScalarKernel AnalyticKernel::tabulated(double norm) const {
  return ScalarKernel([&](const Vector& near, const Vector& far) {
    const Index columns = groups_of(near.size());
    const auto points = prepare_norm(network_, norm, std::max(columns, lanes));
    points->complete(network_);
    PairChain chain(network_, *points, *points);
    Vector padded_near = Vector::Ones(columns * lanes), padded_far = padded_near;
    padded_near.head(near.size()) = near;
    padded_far.head(far.size()) = far;
    const PairState& state = chain.run_vectors(
        0, {0, columns}, padded_near.reshaped(lanes, columns), padded_far.reshaped(lanes, columns));
    LaneMatrix values(lanes, columns);
    for (Index s = 0; s < columns; ++s)
      values.col(s) = readout_.without_bias(state.value.col(s), state.tangent.col(s));
    return Vector(values.reshaped().head(near.size()));
  });
}

void AnalyticKernel::tile(const PointFeatures& rows, const PointFeatures& columns,
                          Eigen::Ref<Matrix> out) const {
  const auto& r = dynamic_cast<const AnalyticPoints&>(rows);
  const auto& c = dynamic_cast<const AnalyticPoints&>(columns);
  NTKFLOW_EXPECTS(out.rows() == rows.count() && out.cols() == columns.count());
  if (scaled_) return fill_by_table(*scaled_, r, c, out);
  if (r.table && c.table && std::abs(*r.common_norm - *c.common_norm) <= same_norm * *r.common_norm)
    return fill_by_table(*r.table, r, c, out);
  r.complete(network_);
  c.complete(network_);
  if (network_.on_vectors)
    fill_vectors(r, c, out);
  else
    fill_grids(r, c, out);
}

// Where the rows are the columns, one triangle is enough.
void AnalyticKernel::fill_by_table(const ScalarKernel& table, const AnalyticPoints& rows,
                                   const AnalyticPoints& columns, Tile out) const {
  // Columns whose product stays in cache until the table is applied to it.
  const Index width = std::clamp<Index>(strip_entries / std::max<Index>(out.rows(), 1), 16, 256);
  const bool is_symmetric = &rows == &columns;
  std::vector<NearEnd> ends;
  for (Index first = 0; first < out.cols(); first += width) {
    const Index count = out.rows() - (is_symmetric ? first : 0);
    const auto unit = rows.unit.rightCols(count);
    auto strip = out.bottomRows(count).middleCols(first, std::min(width, out.cols() - first));
    strip.noalias() = unit.transpose() * columns.unit.middleCols(first, strip.cols());
    for (Index s = 0; s < strip.cols(); ++s) {
      const Index j = first + s;
      auto column = strip.col(s);
      find_ends(unit, columns.unit.col(j), column, ends);
      table.apply(column.data(), column.size());
      for (const NearEnd& end : ends) column[end.row] = table.at(end.near, end.far);
      if (scaled_) column.array() *= columns.norms[j] * rows.norms.tail(count).array();
      if (readout_.bias() != 0.0) column.array() += readout_.bias();
    }
  }
  if (is_symmetric) out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
}

void AnalyticKernel::fill_vectors(const AnalyticPoints& rows, const AnalyticPoints& columns,
                                  Tile out) const {
  const bool is_symmetric = &rows == &columns;
  out.noalias() = rows.unit.transpose() * columns.unit;
  PairChain chain(network_, rows, columns);
  LaneMatrix near, far;
  for (Index g = 0; g < rows.groups(); ++g) {
    const Index first = g * lanes, count = std::min(lanes, out.rows() - first);
    const Index end = is_symmetric ? first + count : out.cols();
    for (Index j = 0; j < end; j += columns_at_once) {
      const IndexRange block{j, std::min(j + columns_at_once, out.cols())};
      set_vector_correlations(rows.unit, columns.unit, first, block,
                              out.block(first, j, count, block.count()), near, far);
      const PairState& state = chain.run_vectors(g, block, near, far);
      for (Index s = 0; s < block.count(); ++s)
        out.col(j + s).segment(first, count) =
            (readout_.without_bias(state.value.col(s), state.tangent.col(s)) + readout_.bias())
                .head(count);
    }
  }
  if (is_symmetric) out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
}

void AnalyticKernel::fill_grids(const AnalyticPoints& rows, const AnalyticPoints& columns,
                                Tile out) const {
  out.setConstant(readout_.bias());
  PairChain chain(network_, rows, columns);
  const double share = 1.0 / static_cast<double>(plans_.size() * plans_.size());
  for (const DisplacementPlan& plan : plans_)
    for (Index j = 0; j < out.cols(); ++j)
      for (Index g = 0; g < rows.groups(); ++g) {
        const Index first = g * lanes, count = std::min(lanes, out.rows() - first);
        if (&rows == &columns && first + count <= j) continue;
        const PairState& state = chain.run(plan, network_.levels.size() - 1, g, j);
        const Lanes sum =
            readout_.without_bias(state.value.rowwise().sum(), state.tangent.rowwise().sum());
        out.col(j).segment(first, count) += share * sum.head(count).matrix();
      }
  if (&rows == &columns) out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
}

}  // namespace

std::unique_ptr<Kernel> make_analytic_kernel(const Architecture& architecture, AnalyticKind kind) {
  return std::make_unique<AnalyticKernel>(architecture, kind);
}

}  // namespace ntkflow
