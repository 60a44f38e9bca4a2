#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/sphere_density.hpp"

namespace ntkflow {

/// A quadrature rule on S^2: rings of equispaced longitudes at Gauss-Legendre nodes in the height.
///
/// With a density on hemispheres the heights are split at the equator, each half with nodes of its
/// own. Exact, with respect to the density, for polynomials in x, y, z up to `degree`. Node
/// ring * longitudes + k lies at longitude 2 pi k / longitudes.
struct SphereGrid {
  Index degree = 0;
  Index longitudes = 0;
  Vector heights;       ///< of the rings, ascending
  Vector ring_weights;  ///< of one node of each ring; longitudes * sum is 1

  Index count() const { return longitudes * heights.size(); }
  Vector direction(Index node) const;
  double weight(Index node) const { return ring_weights[node / longitudes]; }
};

/// The rule of the highest degree with at most n nodes: degree + 1 longitudes and, in each half or
/// in all, degree / 2 + 1 heights.
/// Throws: ConfigError when n is below the 1 or 2 nodes of degree 0.
SphereGrid sphere_grid(const SphereDensity& density, Index n);

}  // namespace ntkflow
