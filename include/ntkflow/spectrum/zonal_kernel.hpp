#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/kernel/kernel.hpp"

namespace ntkflow {

/// A kernel on a sphere about the origin, as the function of the angle that it is there: the limit
/// kernel of a dense network depends on norms and angles alone.
class ZonalKernel {
 public:
  /// Shape:   points of the kernel have `dimension` >= 2 components.
  /// Expects: kernel outlives this.
  ZonalKernel(const Kernel& kernel, Index dimension, double radius);

  /// K(x, x') of points of norm `radius` at these angles from each other.
  /// Units: radians, in [0, pi].
  Vector operator()(const Vector& angles) const;

  Index dimension() const { return dimension_; }
  double radius() const { return radius_; }

 private:
  const Kernel* kernel_;
  Index dimension_;
  double radius_;
  std::unique_ptr<PointFeatures> pole_;
};

}  // namespace ntkflow
