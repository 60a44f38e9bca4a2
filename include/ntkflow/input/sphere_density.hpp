#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/input_spec.hpp"

#include <optional>

namespace ntkflow {

/// A probability density on the sphere S^{d-1} with respect to its uniform probability measure:
/// constant, or constant on the two hemispheres about the last coordinate's axis.
struct SphereDensity {
  Index dimension = 3;          ///< d >= 2
  std::optional<double> ratio;  ///< of the densities at heights >= 0 and < 0; nothing: uniform

  /// 0 where the last coordinate is negative, 1 where it is not; 0 everywhere if uniform.
  Index region(double height) const { return ratio && height >= 0 ? 1 : 0; }

  /// The density in a region.
  double in_region(Index region) const {
    return ratio ? 2 * (region == 1 ? *ratio : 1) / (1 + *ratio) : 1;
  }
};

/// The density that a job asks for on the sphere.
/// Throws: ConfigError (dimension below 2, a ratio that is not positive, another kind of density).
SphereDensity sphere_density(const InputSpec& input);

}  // namespace ntkflow
