#include "network/layer_pass.hpp"

#include "network/pool_pass.hpp"

#include <cmath>

namespace ntkflow {
namespace {

// Affine map, activation, and the skip of a residual layer.
class AffinePass final : public LayerPass {
 public:
  AffinePass(const Layer& layer, const AffineMap& map, const SampleShape& below, Parameters theta)
      : layer_(layer),
        map_(map),
        theta_(theta),
        positions_(below.positions()),
        linear_(make_linear_map(layer, map, below)) {}

  void value(const Samples& below, Matrix& above) override {
    preactivation(below, above);
    layer_.activation->value(above.data(), above.size(), above.data());
    if (is_residual()) above += below;
  }

  void forward(const Samples& below, Matrix& above) override {
    preactivation(below, above);
    derivative_.resize(above.rows(), above.cols());
    layer_.activation->value_and_derivative(above.data(), above.size(), above.data(),
                                            derivative_.data());
    if (is_residual()) above += below;
  }

  void tangent(const Samples& below, const Matrix* below_tangent, Parameters direction,
               Matrix& above) override {
    start(direction, map_.bias_trained, below.cols(), above);
    if (below_tangent) linear_->add_product(theta_, as_samples(*below_tangent), above);
    if (map_.weights_trained) linear_->add_product(direction, below, above);
    above.array() *= derivative_.array();
    if (is_residual() && below_tangent) above += *below_tangent;
  }

  void backward(Matrix& above, Matrix* below) override {
    if (below && is_residual())
      *below = above;
    else if (below)
      below->setZero(map_.inputs * positions_, above.cols());
    above.array() *= derivative_.array();
    if (below) linear_->add_transposed(theta_, above, *below);
  }

  void add_gradient(const Samples& below, const Matrix& signal,
                    std::span<double> gradient) const override {
    if (map_.weights_trained) linear_->add_gradient(signal, below, gradient);
    if (!map_.bias_trained) return;
    const Samples by_channel(signal.data(), map_.outputs, signal.size() / map_.outputs);
    Eigen::Map<Vector> out(gradient.data() + *map_.bias_at, map_.outputs);
    out += map_.bias_scale * by_channel.rowwise().sum();
  }

 private:
  bool is_residual() const { return layer_.skip == Skip::identity; }

  static Samples as_samples(const Matrix& m) { return {m.data(), m.rows(), m.cols()}; }

  // above = the bias at every position, or 0.
  void start(Parameters parameters, bool has_bias, Index batch, Matrix& above) const {
    above.resize(map_.outputs * positions_, batch);
    Eigen::Map<Matrix> by_channel(above.data(), map_.outputs, positions_ * batch);
    if (has_bias)
      by_channel.colwise() = map_.bias_scale * Eigen::Map<const Vector>(
                                                   parameters.data() + *map_.bias_at, map_.outputs);
    else
      above.setZero();
  }

  void preactivation(const Samples& below, Matrix& above) const {
    start(theta_, map_.bias_at.has_value(), below.cols(), above);
    linear_->add_product(theta_, below, above);
  }

  const Layer& layer_;
  const AffineMap& map_;
  Parameters theta_;
  Index positions_;
  std::unique_ptr<LinearMap> linear_;
  Matrix derivative_;  // of the activation, where forward() was last
};

}  // namespace

std::unique_ptr<LayerPass> make_layer_pass(const Layer& layer, const AffineMap& map,
                                           const SampleShape& below, Parameters theta) {
  if (layer.is_affine()) return std::make_unique<AffinePass>(layer, map, below, theta);
  return make_plain_pass(layer, below);
}

}  // namespace ntkflow
