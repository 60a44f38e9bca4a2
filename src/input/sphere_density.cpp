#include "ntkflow/input/sphere_density.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

namespace ntkflow {

SphereDensity sphere_density(const InputSpec& input) {
  if (input.sphere_dimension < 2)
    throw ConfigError(fmt::format("input.dimension = {}, need >= 2", input.sphere_dimension));
  if (input.density == Density::uniform) return {input.sphere_dimension, std::nullopt};
  if (input.density != Density::hemispheres)
    throw ConfigError("input.density: the sphere has the densities uniform and hemispheres");
  // Beyond this ratio the sparse half's quadrature weights drown in the rounding of the others.
  constexpr double largest_ratio = 1e12;
  if (!(input.ratio >= 1 / largest_ratio && input.ratio <= largest_ratio))
    throw ConfigError(fmt::format("input.ratio = {}, need a number from {} to {}", input.ratio,
                                  1 / largest_ratio, largest_ratio));
  return {input.sphere_dimension, input.ratio};
}

}  // namespace ntkflow
