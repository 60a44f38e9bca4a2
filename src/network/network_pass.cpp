#include "network/network_pass.hpp"

#include <utility>

namespace ntkflow {

NetworkPass::NetworkPass(const Architecture& architecture, const std::vector<AffineMap>& maps,
                         Parameters theta, std::shared_ptr<PassBuffers> buffers)
    : maps_(maps),
      theta_(theta),
      shapes_(layer_shapes(architecture)),
      readout_(architecture.readout, maps.back(), shapes_.back()),
      activations_(architecture.layers.size()),
      buffers_(std::move(buffers)) {
  for (std::size_t l = 0; l < activations_.size(); ++l)
    layers_.push_back(make_layer_pass(architecture.layers[l], maps[l], shapes_[l], theta));
}

// What layer l is applied to: the samples, or the activations below.
Samples NetworkPass::input(std::size_t l) const {
  return {l == 0 ? samples_ : activations_[l - 1].data(), shapes_[l].size(), batch_};
}

Vector NetworkPass::value(const Samples& x) {
  samples_ = x.data();
  batch_ = x.cols();
  for (std::size_t l = 0; l < layers_.size(); ++l) layers_[l]->value(input(l), activations_[l]);
  return readout_.value(theta_, output());
}

Vector NetworkPass::forward(const Samples& x) {
  samples_ = x.data();
  batch_ = x.cols();
  for (std::size_t l = 0; l < layers_.size(); ++l) layers_[l]->forward(input(l), activations_[l]);
  return readout_.value(theta_, output());
}

Vector NetworkPass::tangent(Parameters direction) {
  std::vector<Matrix>& tangents = buffers_->tangents;
  tangents.resize(layers_.size());
  const Matrix* below = nullptr;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l]->tangent(input(l), below, direction, tangents[l]);
    below = &tangents[l];
  }
  return readout_.tangent(theta_, output(), *below, direction);
}

void NetworkPass::backward(const Vector& cotangent) {
  cotangent_ = cotangent;
  std::vector<Matrix>& signals = buffers_->backward;
  signals.resize(layers_.size());
  readout_.backward(theta_, cotangent, signals.back());
  for (std::size_t l = layers_.size(); l-- > 0;)
    layers_[l]->backward(signals[l], l == 0 ? nullptr : &signals[l - 1]);
}

void NetworkPass::add_gradient(std::span<double> gradient) const {
  for (std::size_t l = 0; l < layers_.size(); ++l)
    layers_[l]->add_gradient(input(l), buffers_->backward[l], gradient);
  readout_.add_gradient(output(), cotangent_, gradient);
}

Signals NetworkPass::take_signals() {
  Signals signals;
  signals.below.emplace_back(input(0));
  for (std::size_t l = 0; l + 1 < layers_.size(); ++l)
    signals.below.push_back(std::move(activations_[l]));
  signals.below.push_back(readout_.features(std::move(activations_.back())));
  signals.backward = std::move(buffers_->backward);
  signals.backward.push_back(cotangent_.transpose());
  for (std::size_t l = 0; l < maps_.size(); ++l)
    if (!maps_[l].weights_trained && !maps_[l].bias_trained)
      signals.below[l] = signals.backward[l] = Matrix();
  return signals;
}

}  // namespace ntkflow
