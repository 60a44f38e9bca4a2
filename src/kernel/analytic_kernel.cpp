#include "ntkflow/kernel/kernel.hpp"

#include "kernel/dual.hpp"
#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// One affine map in the limit of infinite width, Lambda = gain A + bias_variance and
// T = weights_tangent gain A + bias_tangent + gain B.
struct AffineLimit {
  double gain = 1.0;             ///< s = sigma_w^2 m / F
  double bias_variance = 0.0;    ///< sigma_b^2; 0 for a bias that starts at zero
  double weights_tangent = 1.0;  ///< 1 if the weights train, otherwise 0
  double bias_tangent = 0.0;     ///< sigma_b^2 if the bias trains, otherwise 0
};

AffineLimit limit_of(const AffineMap& map) {
  const double bias = map.bias_scale * map.bias_scale;
  return {map.weight_scale * map.weight_scale * static_cast<double>(map.inputs),
          map.bias == Bias::random ? bias : 0.0, map.weights_trained ? 1.0 : 0.0,
          map.bias_trained ? bias : 0.0};
}

// A point at the entrance of a layer. The readout has no dual.
struct LayerPoints {
  Vector weighted;  ///< sqrt(gain A(x, x)), the deviation without the bias
  DualPoints dual;
};

struct AnalyticPoints final : PointFeatures {
  Matrix unit;  ///< x / |x|, and 0 for x = 0
  std::vector<LayerPoints> layers;

  Index count() const override { return unit.cols(); }
};

// Where 1 - |rho| is below this, the rounding of a cosine would show: acos(1 - 1e-16) is 1e-8.
constexpr double near_end = 1e-3;

// The correlations of the inputs: from their cosines, and near the ends from the difference or sum
// of the unit vectors.
void set_correlations(const AnalyticPoints& rows, const AnalyticPoints& columns,
                      const double* cosines, PairBlock& pairs) {
  const Eigen::Map<const Eigen::ArrayXd> rho(cosines, pairs.count);
  pairs.near.head(pairs.count) = 1.0 - rho;
  pairs.far.head(pairs.count) = 1.0 + rho;
  const auto v = columns.unit.col(pairs.column);
  for (Index i = 0; i < pairs.count; ++i) {
    if (std::min(pairs.near[i], pairs.far[i]) >= near_end) continue;
    const auto u = rows.unit.col(pairs.first_row + i);
    const bool parallel = rho[i] > 0.0;
    const double gap = 0.5 * (parallel ? (u - v).squaredNorm() : (u + v).squaredNorm());
    pairs.near[i] = parallel ? gap : 2.0 - gap;
    pairs.far[i] = parallel ? 2.0 - gap : gap;
  }
}

// The correlations after adding one bias, a Gaussian of variance b, to both numbers of a pair.
// With n, n' the deviations before and m, m' after, all terms are positive:
//   1 - rho <- [b (n - n')^2 / (m m' + n n' + b) + n n' (1 - rho)] / (m m'),
//   1 + rho <- [b (n^2 + n'^2 + b) / (m m' + n n') + b + n n' (1 + rho)] / (m m').
void add_bias(double b, const LayerPoints& rows, const LayerPoints& columns, PairBlock& pairs) {
  const double* row_before = rows.weighted.data() + pairs.first_row;
  const double* row_after = rows.dual.deviation.data() + pairs.first_row;
  const double before = columns.weighted[pairs.column];
  const double after = columns.dual.deviation[pairs.column];
  double* const near = pairs.near.data();
  double* const far = pairs.far.data();
#pragma omp simd
  for (Index i = 0; i < pairs.count; ++i) {
    const double n = row_before[i];
    const double nn = n * before;
    const double mm = row_after[i] * after;
    const double difference = n - before;
    near[i] = (b * difference * difference / (mm + nn + b) + nn * near[i]) / mm;
    far[i] = (b * (n * n + before * before + b) / (mm + nn) + b + nn * far[i]) / mm;
  }
}

class AnalyticKernel final : public Kernel {
 public:
  AnalyticKernel(const Architecture& architecture, AnalyticKind kind) : kind_(kind) {
    for (const AffineMap& map : affine_maps(architecture)) limits_.push_back(limit_of(map));
    std::vector<const Activation*> activations;
    for (const Layer& layer : architecture.layers) {
      if (layer.kind != LayerKind::dense || layer.skip != Skip::none)
        throw ConfigError("analytic kernels of other layers than fc are not yet there");
      activations.push_back(layer.activation);
    }
    duals_ = make_duals(activations);
    dimension_ = architecture.input.size();
  }

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override;
  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override;

 private:
  void finish(const AnalyticPoints& rows, const AnalyticPoints& columns, PairBlock& pairs,
              double* out) const;

  AnalyticKind kind_;
  Index dimension_;
  std::vector<AffineLimit> limits_;           // one a layer and, last, the readout's
  std::vector<std::unique_ptr<Dual>> duals_;  // one a layer
};

std::unique_ptr<PointFeatures> AnalyticKernel::prepare(const Matrix& points) const {
  NTKFLOW_EXPECTS(points.rows() == dimension_);
  auto features = std::make_unique<AnalyticPoints>();
  const Vector norms = points.colwise().norm();
  const Vector inverse = (norms.array() > 0.0).select(norms.cwiseInverse(), 0.0);
  features->unit = points * inverse.asDiagonal();

  Vector deviation = norms / std::sqrt(static_cast<double>(dimension_));
  for (std::size_t l = 0; l < limits_.size(); ++l) {
    LayerPoints layer;
    layer.weighted = std::sqrt(limits_[l].gain) * deviation;
    if (l < duals_.size()) {
      layer.dual =
          duals_[l]->prepare((layer.weighted.array().square() + limits_[l].bias_variance).sqrt());
      deviation = layer.dual.value_deviation;
    }
    features->layers.push_back(std::move(layer));
  }
  return features;
}

void AnalyticKernel::tile(const PointFeatures& rows, const PointFeatures& columns,
                          Eigen::Ref<Matrix> out) const {
  const auto& row_points = dynamic_cast<const AnalyticPoints&>(rows);
  const auto& column_points = dynamic_cast<const AnalyticPoints&>(columns);
  NTKFLOW_EXPECTS(out.rows() == rows.count() && out.cols() == columns.count());

  out.noalias() = row_points.unit.transpose() * column_points.unit;
  PairBlock pairs;
  // All columns against one run of rows, whose series coefficients stay in cache.
  for (pairs.first_row = 0; pairs.first_row < out.rows(); pairs.first_row += pairs.capacity) {
    pairs.count = std::min(pairs.capacity, out.rows() - pairs.first_row);
    for (pairs.column = 0; pairs.column < out.cols(); ++pairs.column)
      finish(row_points, column_points, pairs, &out(pairs.first_row, pairs.column));
  }
}

// Takes pairs through the layers. On entry out holds the cosines of the inputs, then the kernel.
void AnalyticKernel::finish(const AnalyticPoints& rows, const AnalyticPoints& columns,
                            PairBlock& pairs, double* out) const {
  set_correlations(rows, columns, out, pairs);
  PairBlock::Numbers moment, tangent;  // gain A, and B or T
  tangent.setZero();
  for (std::size_t l = 0; l < limits_.size(); ++l) {
    const AffineLimit& limit = limits_[l];
    const double* row = rows.layers[l].weighted.data() + pairs.first_row;
    const double column = columns.layers[l].weighted[pairs.column];
    for (Index i = 0; i < pairs.count; ++i) {
      moment[i] = 0.5 * row[i] * column * (pairs.far[i] - pairs.near[i]);
      tangent[i] = limit.weights_tangent * moment[i] + limit.bias_tangent + limit.gain * tangent[i];
    }
    if (l == duals_.size()) break;
    if (limit.bias_variance > 0.0)
      add_bias(limit.bias_variance, rows.layers[l], columns.layers[l], pairs);
    duals_[l]->apply(rows.layers[l].dual, columns.layers[l].dual, pairs);
    tangent *= pairs.slope;
  }
  auto result = Eigen::Map<Eigen::ArrayXd>(out, pairs.count);
  if (kind_ == AnalyticKind::ntk)
    result = tangent.head(pairs.count);
  else
    result = moment.head(pairs.count) + limits_.back().bias_variance;
}

}  // namespace

std::unique_ptr<Kernel> make_analytic_kernel(const Architecture& architecture, AnalyticKind kind) {
  return std::make_unique<AnalyticKernel>(architecture, kind);
}

}  // namespace ntkflow
