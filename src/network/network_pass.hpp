#pragma once

#include "network/layer_pass.hpp"
#include "network/readout_form.hpp"

#include <memory>
#include <vector>

namespace ntkflow {

/// What tangent() and backward() fill, entry l for layer l. Passes that are not in use at the same
/// time can share it.
struct PassBuffers {
  std::vector<Matrix> tangents, backward;
};

/// One network, a half of an antisymmetric one, on one block of samples at a time: forward() leaves
/// behind what tangent() and backward() work with. Buffers are kept for the next block.
class NetworkPass {
 public:
  /// References the architecture, its maps and theta.
  NetworkPass(const Architecture& architecture, const std::vector<AffineMap>& maps,
              Parameters theta, std::shared_ptr<PassBuffers> buffers);

  /// f at the samples; leaves nothing for the other passes.
  Vector value(const Samples& x);

  /// f at the samples; keeps the activations and their derivatives. x must outlive the other
  /// passes.
  Vector forward(const Samples& x);

  /// The derivative of f along a direction in parameter space.
  Vector tangent(Parameters direction);

  /// Makes the backward signals cotangent_i df(x_i)/dh of every layer.
  void backward(const Vector& cotangent);

  /// gradient += J^T cotangent, with the cotangent of the last backward().
  void add_gradient(std::span<double> gradient) const;

  /// Gives away what forward() and backward() left.
  Signals take_signals();

 private:
  Samples input(std::size_t l) const;
  Samples output() const { return input(layers_.size()); }

  const std::vector<AffineMap>& maps_;
  Parameters theta_;
  std::vector<SampleShape> shapes_;
  std::vector<std::unique_ptr<LayerPass>> layers_;
  ReadoutForm readout_;
  const double* samples_ = nullptr;
  Index batch_ = 0;
  std::vector<Matrix> activations_;  // entry l belongs to layer l
  std::shared_ptr<PassBuffers> buffers_;
  Vector cotangent_;
};

}  // namespace ntkflow
