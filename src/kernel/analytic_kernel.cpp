#include "kernel/lower_rectangles.hpp"
#include "kernel/pair_chain.hpp"
#include "kernel/scalar_kernel.hpp"
#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// Column points that go through the layers together where a point is a vector.
constexpr Index columns_at_once = 16;

// Of rectangles that one product fills: their entries stay in cache until a table is applied.
constexpr RectangleWidths product_widths{256, 64};

// Of completed points of a grid that are kept at a time, half of them rows: a gibibyte.
constexpr Index most_numbers = Index{1} << 27;

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

// The number of columns of which a row before `end` is wanted.
Index columns_before(std::span<const Index> first_rows, Index end) {
  return std::ranges::lower_bound(first_rows, end) - first_rows.begin();
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
  void lower_tile(const PointFeatures& rows, const PointFeatures& columns,
                  std::span<const Index> first_rows, Eigen::Ref<Matrix> out) const override;

 private:
  using Tile = Eigen::Ref<Matrix>;
  using FirstRows = std::span<const Index>;
  void plan_grids();
  ScalarKernel tabulated(double norm) const;
  std::shared_ptr<const ScalarKernel> table_at(double norm) const;
  void fill_by_table(const ScalarKernel& table, const AnalyticPoints& rows,
                     const AnalyticPoints& columns, FirstRows first_rows, Tile out) const;
  void fill_vectors(const AnalyticPoints& rows, const AnalyticPoints& columns, FirstRows first_rows,
                    Tile out) const;
  void fill_grids(const AnalyticPoints& rows, const AnalyticPoints& columns, FirstRows first_rows,
                  Tile out) const;
  Index groups_at_once(const AnalyticPoints& rows) const;
  void fill_completed(const AnalyticPoints& rows, const AnalyticPoints& columns,
                      FirstRows first_rows, Tile out) const;

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
  else if (network_.on_vectors)
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
  tile_by_lower_tile(*this, rows, columns, out);
}

void AnalyticKernel::lower_tile(const PointFeatures& rows, const PointFeatures& columns,
                                std::span<const Index> first_rows, Eigen::Ref<Matrix> out) const {
  const auto& r = dynamic_cast<const AnalyticPoints&>(rows);
  const auto& c = dynamic_cast<const AnalyticPoints&>(columns);
  NTKFLOW_EXPECTS(out.rows() == rows.count() && out.cols() == columns.count());
  NTKFLOW_EXPECTS(count_of(first_rows) == out.cols());
  if (scaled_) return fill_by_table(*scaled_, r, c, first_rows, out);
  if (r.table && c.table && std::abs(*r.common_norm - *c.common_norm) <= same_norm * *r.common_norm)
    return fill_by_table(*r.table, r, c, first_rows, out);
  if (!network_.on_vectors) return fill_grids(r, c, first_rows, out);
  r.complete(network_);
  c.complete(network_);
  fill_vectors(r, c, first_rows, out);
}

void AnalyticKernel::fill_by_table(const ScalarKernel& table, const AnalyticPoints& rows,
                                   const AnalyticPoints& columns, FirstRows first_rows,
                                   Tile out) const {
  std::vector<NearEnd> ends;
  for (const Rectangle& part : lower_rectangles(first_rows, out.rows(), product_widths)) {
    const auto unit = rows.unit.middleCols(part.rows.first, part.rows.count());
    const auto norms = rows.norms.segment(part.rows.first, part.rows.count()).array();
    auto strip =
        out.block(part.rows.first, part.columns.first, part.rows.count(), part.columns.count());
    strip.noalias() =
        unit.transpose() * columns.unit.middleCols(part.columns.first, part.columns.count());
    for (Index j = part.columns.first; j < part.columns.last; ++j) {
      auto column = strip.col(j - part.columns.first);
      find_ends(unit, columns.unit.col(j), column, ends);
      table.apply(column.data(), column.size());
      for (const NearEnd& end : ends) column[end.row] = table.at(end.near, end.far);
      if (scaled_) column.array() *= columns.norms[j] * norms;
      if (readout_.bias() != 0.0) column.array() += readout_.bias();
    }
  }
}

void AnalyticKernel::fill_vectors(const AnalyticPoints& rows, const AnalyticPoints& columns,
                                  FirstRows first_rows, Tile out) const {
  for (const Rectangle& part : lower_rectangles(first_rows, out.rows(), product_widths))
    out.block(part.rows.first, part.columns.first, part.rows.count(), part.columns.count())
        .noalias() = rows.unit.middleCols(part.rows.first, part.rows.count()).transpose() *
                     columns.unit.middleCols(part.columns.first, part.columns.count());
  PairChain chain(network_, rows, columns);
  LaneMatrix near, far;
  for (Index g = 0; g < rows.groups(); ++g) {
    const Index first = g * lanes, count = std::min(lanes, out.rows() - first);
    const Index end = columns_before(first_rows, first + count);
    for (Index j = 0; j < end; j += columns_at_once) {
      const IndexRange block{j, std::min(j + columns_at_once, end)};
      set_vector_correlations(rows.unit, columns.unit, first, block,
                              out.block(first, j, count, block.count()), near, far);
      const PairState& state = chain.run_vectors(g, block, near, far);
      for (Index s = 0; s < block.count(); ++s)
        out.col(j + s).segment(first, count) =
            (readout_.without_bias(state.value.col(s), state.tangent.col(s)) + readout_.bias())
                .head(count);
    }
  }
}

// Points are completed for a tile, and dropped after it.
void AnalyticKernel::fill_grids(const AnalyticPoints& rows, const AnalyticPoints& columns,
                                FirstRows first_rows, Tile out) const {
  const Index step = groups_at_once(rows);
  for (Index i = 0; i < rows.groups(); i += step) {
    const IndexRange row_groups{i, std::min(i + step, rows.groups())};
    const Index first = i * lanes, count = std::min(row_groups.count() * lanes, out.rows() - first);
    const Index end = columns_before(first_rows, first + count);
    if (end == 0) continue;
    const auto row_part = rows.completed_part(network_, row_groups);
    for (Index j = 0; j < groups_of(end); j += step) {
      const IndexRange column_groups{j, std::min(j + step, columns.groups())};
      const bool is_same = &rows == &columns && row_groups == column_groups;
      const auto other_part = is_same ? nullptr : columns.completed_part(network_, column_groups);
      const AnalyticPoints& column_part = is_same ? *row_part : *other_part;
      IndexList first_of_part;
      for (Index k = 0; k < column_part.points; ++k)
        first_of_part.push_back(
            std::max<Index>(first_rows[static_cast<std::size_t>(j * lanes + k)] - first, 0));
      fill_completed(*row_part, column_part, first_of_part,
                     out.block(first, j * lanes, count, column_part.points));
    }
  }
}

// As many of each side as fit; the first group tells what one takes.
Index AnalyticKernel::groups_at_once(const AnalyticPoints& rows) const {
  if (rows.groups() < 2) return 1;
  const Index numbers = rows.completed_part(network_, {0, 1})->numbers();
  return std::clamp<Index>(most_numbers / 2 / numbers, 1, rows.groups());
}

void AnalyticKernel::fill_completed(const AnalyticPoints& rows, const AnalyticPoints& columns,
                                    FirstRows first_rows, Tile out) const {
  PairChain chain(network_, rows, columns);
  const double share = 1.0 / static_cast<double>(plans_.size() * plans_.size());
  for (Index g = 0; g < rows.groups(); ++g) {
    const Index first = g * lanes, count = std::min(lanes, out.rows() - first);
    const Index end = columns_before(first_rows, first + count);
    out.block(first, 0, count, end).setConstant(readout_.bias());
    for (const DisplacementPlan& plan : plans_)
      for (Index j = 0; j < end; ++j) {
        const PairState& state = chain.run(plan, network_.levels.size() - 1, g, j);
        const Lanes sum =
            readout_.without_bias(state.value.rowwise().sum(), state.tangent.rowwise().sum());
        out.col(j).segment(first, count) += share * sum.head(count).matrix();
      }
  }
}

}  // namespace

std::unique_ptr<Kernel> make_analytic_kernel(const Architecture& architecture, AnalyticKind kind) {
  return std::make_unique<AnalyticKernel>(architecture, kind);
}

}  // namespace ntkflow
