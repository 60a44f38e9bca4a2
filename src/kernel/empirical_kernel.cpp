#include "ntkflow/kernel/kernel.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <vector>

namespace ntkflow {
namespace {

struct EmpiricalPoints final : PointFeatures {
  Matrix points;
  std::vector<Signals> signals;  ///< one entry a half of theta

  Index count() const override { return points.cols(); }
};

// Some points of a batch as one half of theta sees them.
struct HalfView {
  const Matrix& points;
  const Signals& signals;
  IndexRange range;

  // What map l is applied to, and df/dh of its output.
  auto input(std::size_t l) const { return part(l == 0 ? points : signals.activations[l - 1]); }
  auto backward(std::size_t l) const { return part(signals.backward[l]); }

 private:
  Eigen::Block<const Matrix, Eigen::Dynamic, Eigen::Dynamic, true> part(const Matrix& m) const {
    return m.middleCols(range.first, range.count());
  }
};

// Rows and columns of a tile done at a time, so that the scratch matrices stay in cache.
constexpr Index block_size = 256;

class EmpiricalKernel final : public Kernel {
 public:
  EmpiricalKernel(const Network& network, Parameters theta)
      : network_(network), theta_(theta.begin(), theta.end()) {
    NTKFLOW_EXPECTS(count_of(theta) == network.parameter_count());
  }

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    auto features = std::make_unique<EmpiricalPoints>();
    features->points = points;
    features->signals = network_.signals(theta_, points);
    return features;
  }

  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override {
    const auto& row_points = dynamic_cast<const EmpiricalPoints&>(rows);
    const auto& column_points = dynamic_cast<const EmpiricalPoints&>(columns);
    NTKFLOW_EXPECTS(out.rows() == rows.count() && out.cols() == columns.count());

    for (Index j = 0; j < out.cols(); j += block_size)
      for (Index i = 0; i < out.rows(); i += block_size)
        fill_block(row_points, {i, std::min(i + block_size, out.rows())}, column_points,
                   {j, std::min(j + block_size, out.cols())}, out);
  }

 private:
  // K is K(theta) of a single network, and the mean over the halves of an antisymmetric one.
  void fill_block(const EmpiricalPoints& rows, IndexRange row_range, const EmpiricalPoints& columns,
                  IndexRange column_range, Eigen::Ref<Matrix> out) const {
    auto block =
        out.block(row_range.first, column_range.first, row_range.count(), column_range.count());
    block.setZero();
    for (std::size_t half = 0; half < rows.signals.size(); ++half) {
      const HalfView row = {rows.points, rows.signals[half], row_range};
      const HalfView column = {columns.points, columns.signals[half], column_range};
      for (std::size_t l = 0; l < network_.maps().size(); ++l) add_map(l, row, column, block);
    }
    block /= static_cast<double>(rows.signals.size());
  }

  // out += [weight_scale^2 A A'^T + bias_scale^2] o (B B'^T), trained terms only; df/dh = 1 at the
  // readout.
  void add_map(std::size_t l, const HalfView& row, const HalfView& column,
               Eigen::Ref<Matrix> out) const {
    const AffineMap& map = network_.maps()[l];
    if (!map.weights_trained && !map.bias_trained) return;
    Matrix term = Matrix::Constant(out.rows(), out.cols(),
                                   map.bias_trained ? map.bias_scale * map.bias_scale : 0.0);
    if (map.weights_trained)
      term.noalias() +=
          map.weight_scale * map.weight_scale * row.input(l).transpose() * column.input(l);
    if (l + 1 < network_.maps().size()) {
      Matrix backward(out.rows(), out.cols());
      backward.noalias() = row.backward(l).transpose() * column.backward(l);
      term.array() *= backward.array();
    }
    out += term;
  }

  Network network_;
  std::vector<double> theta_;
};

}  // namespace

std::unique_ptr<Kernel> make_empirical_kernel(const Network& network, Parameters theta) {
  return std::make_unique<EmpiricalKernel>(network, theta);
}

}  // namespace ntkflow
