#include "ntkflow/input/sphere_grid.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/gauss_legendre.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

Index heights_of(Index degree) {
  return degree / 2 + 1;
}

Index highest_degree(Index parts, Index n) {
  Index degree = 0;
  while (parts * heights_of(degree + 1) * (degree + 2) <= n) ++degree;
  return degree;
}

}  // namespace

Vector SphereGrid::direction(Index node) const {
  const double z = heights[node / longitudes];
  const double longitude = 2 * std::numbers::pi * static_cast<double>(node % longitudes) /
                           static_cast<double>(longitudes);
  const double radius = std::sqrt((1 - z) * (1 + z));
  return Eigen::Vector3d(radius * std::cos(longitude), radius * std::sin(longitude), z);
}

SphereGrid sphere_grid(const SphereDensity& density, Index n) {
  NTKFLOW_EXPECTS(density.dimension == 3);
  const Index parts = density.ratio ? 2 : 1;
  if (n < parts)
    throw ConfigError(fmt::format("reference.points = {}, need >= {} for input.density", n, parts));
  const Index degree = highest_degree(parts, n);
  const GaussRule rule = gauss_legendre(heights_of(degree));
  const Index rings = rule.nodes.size();

  SphereGrid grid{degree, degree + 1, Vector(parts * rings), Vector(parts * rings)};
  for (Index part = 0; part < parts; ++part)
    for (Index i = 0; i < rings; ++i) {
      const double node = rule.nodes[i];
      grid.heights[part * rings + i] = parts == 1  ? node
                                       : part == 0 ? (node - 1) / 2
                                                   : (node + 1) / 2;
      // The rule's weights sum to 2, a part's share of the uniform measure is 1 / parts.
      grid.ring_weights[part * rings + i] = density.in_region(part) * rule.weights[i] / 2 /
                                            static_cast<double>(parts * grid.longitudes);
    }
  return grid;
}

}  // namespace ntkflow
