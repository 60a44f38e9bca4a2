#pragma once

#include "ntkflow/network/network.hpp"

namespace ntkflow {

/// One fully connected network on one block of samples at a time: forward() leaves behind what
/// tangent() and backward() work with. Buffers are kept for the next block.
class DensePass {
 public:
  /// A block of samples, one a column, in somebody else's memory.
  using Samples = Eigen::Map<const Matrix>;

  /// References the architecture, its maps and theta.
  DensePass(const Architecture& architecture, const std::vector<AffineMap>& maps, Parameters theta);

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

  /// Gives the activations and backward signals of the hidden layers away.
  Signals take_signals();

 private:
  void bind(const Samples& x);
  Samples input(std::size_t l) const;
  void apply_map(std::size_t l, Matrix& out) const;
  Vector readout() const;

  const std::vector<Layer>& layers_;
  const std::vector<AffineMap>& maps_;
  Parameters theta_;
  const double* samples_ = nullptr;
  Index batch_ = 0;
  // Entry l belongs to map l; the readout, the last map, has no activation.
  std::vector<Matrix> activations_, derivatives_, tangents_, backward_;
};

}  // namespace ntkflow
