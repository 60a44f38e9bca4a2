#pragma once

#include "ntkflow/network/architecture.hpp"
#include "ntkflow/network/network.hpp"

#include <memory>
#include <span>

namespace ntkflow {

/// A block of samples, one a column, in somebody else's memory.
using Samples = Eigen::Map<const Matrix>;

/// The scaled weights of one affine map, weight_scale W, on blocks of samples. W is read from theta
/// or from a direction in each call. Thread-safe.
/// Shape: below (inputs * positions) x batch, above (outputs * positions) x batch.
class LinearMap {
 public:
  virtual ~LinearMap() = default;

  /// above += weight_scale W below.
  virtual void add_product(Parameters theta, const Samples& below, Matrix& above) const = 0;

  /// below += weight_scale W^T above.
  virtual void add_transposed(Parameters theta, const Matrix& above, Matrix& below) const = 0;

  /// gradient += weight_scale above below^T, in the place of W.
  virtual void add_gradient(const Matrix& above, const Samples& below,
                            std::span<double> gradient) const = 0;
};

/// The map of a layer with weights on samples of this shape.
std::unique_ptr<LinearMap> make_linear_map(const Layer& layer, const AffineMap& map,
                                           const SampleShape& below);

}  // namespace ntkflow
