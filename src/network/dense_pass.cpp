#include "network/dense_pass.hpp"

namespace ntkflow {
namespace {

// Row-major views of theta: Eigen hands them to dgemm as transposed, without a copy.
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajor> weights(const AffineMap& map, Parameters theta) {
  return {theta.data() + map.weights_at, map.outputs, map.inputs};
}

Eigen::Map<const Vector> bias(const AffineMap& map, Parameters theta) {
  return {theta.data() + *map.bias_at, map.outputs};
}

}  // namespace

DensePass::DensePass(const Architecture& architecture, const std::vector<AffineMap>& maps,
                     Parameters theta)
    : layers_(architecture.layers),
      maps_(maps),
      theta_(theta),
      activations_(layers_.size()),
      derivatives_(layers_.size()),
      tangents_(maps.size()),
      backward_(maps.size()) {}

void DensePass::bind(const Samples& x) {
  samples_ = x.data();
  batch_ = x.cols();
}

// What map l is applied to: the samples, or the activations below.
DensePass::Samples DensePass::input(std::size_t l) const {
  return {l == 0 ? samples_ : activations_[l - 1].data(), maps_[l].inputs, batch_};
}

void DensePass::apply_map(std::size_t l, Matrix& out) const {
  const AffineMap& map = maps_[l];
  if (map.bias_at) {
    out = (map.bias_scale * bias(map, theta_)).replicate(1, batch_);
    out.noalias() += map.weight_scale * weights(map, theta_) * input(l);
  } else {
    out.noalias() = map.weight_scale * weights(map, theta_) * input(l);
  }
}

Vector DensePass::readout() const {
  Matrix f;
  apply_map(layers_.size(), f);
  return f.transpose();
}

Vector DensePass::value(const Samples& x) {
  bind(x);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    Matrix& a = activations_[l];
    apply_map(l, a);
    layers_[l].activation->value(a.data(), a.size(), a.data());
  }
  return readout();
}

Vector DensePass::forward(const Samples& x) {
  bind(x);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    Matrix& a = activations_[l];
    apply_map(l, a);
    derivatives_[l].resize(a.rows(), a.cols());
    layers_[l].activation->value_and_derivative(a.data(), a.size(), a.data(),
                                                derivatives_[l].data());
  }
  return readout();
}

Vector DensePass::tangent(Parameters direction) {
  for (std::size_t l = 0; l < maps_.size(); ++l) {
    const AffineMap& map = maps_[l];
    Matrix& t = tangents_[l];
    t.setZero(map.outputs, batch_);
    if (l > 0) t.noalias() += map.weight_scale * weights(map, theta_) * tangents_[l - 1];
    if (map.weights_trained) t.noalias() += map.weight_scale * weights(map, direction) * input(l);
    if (map.bias_trained) t.colwise() += map.bias_scale * bias(map, direction);
    if (l < layers_.size()) t.array() *= derivatives_[l].array();
  }
  return tangents_.back().transpose();
}

void DensePass::backward(const Vector& cotangent) {
  backward_.back() = cotangent.transpose();
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const AffineMap& above = maps_[l + 1];
    Matrix& b = backward_[l];
    b.noalias() = above.weight_scale * weights(above, theta_).transpose() * backward_[l + 1];
    b.array() *= derivatives_[l].array();
  }
}

void DensePass::add_gradient(std::span<double> gradient) const {
  for (std::size_t l = 0; l < maps_.size(); ++l) {
    const AffineMap& map = maps_[l];
    if (map.weights_trained) {
      Eigen::Map<RowMajor> out(gradient.data() + map.weights_at, map.outputs, map.inputs);
      out.noalias() += map.weight_scale * backward_[l] * input(l).transpose();
    }
    if (map.bias_trained) {
      Eigen::Map<Vector> out(gradient.data() + *map.bias_at, map.outputs);
      out += map.bias_scale * backward_[l].rowwise().sum();
    }
  }
}

Signals DensePass::take_signals() {
  backward_.pop_back();
  return {std::move(activations_), std::move(backward_)};
}

}  // namespace ntkflow
