#pragma once

#include "network/linear_map.hpp"

#include <memory>

namespace ntkflow {

/// One layer of one network on one block of samples at a time: forward() leaves behind what
/// tangent() and backward() work with. Buffers are kept for the next block.
/// Shape: below and above as layer_shapes() says, one sample a column.
class LayerPass {
 public:
  virtual ~LayerPass() = default;

  /// above = alpha of this layer; leaves nothing for the other passes.
  virtual void value(const Samples& below, Matrix& above) = 0;

  /// The same, and keeps the derivatives.
  virtual void forward(const Samples& below, Matrix& above) = 0;

  /// Derivative of above along a direction in parameter space, with that of below (null: none).
  virtual void tangent(const Samples& below, const Matrix* below_tangent, Parameters direction,
                       Matrix& above_tangent) = 0;

  /// Turns the cotangent of alpha into that of the pre-activation, the layer's backward signal, in
  /// place, and sets the cotangent of below (null: not wanted).
  virtual void backward(Matrix& above, Matrix* below) = 0;

  /// gradient += what a backward signal means for this layer's own parameters.
  virtual void add_gradient(const Samples& below, const Matrix& signal,
                            std::span<double> gradient) const = 0;
};

/// References the layer, its map and theta.
std::unique_ptr<LayerPass> make_layer_pass(const Layer& layer, const AffineMap& map,
                                           const SampleShape& below, Parameters theta);

}  // namespace ntkflow
