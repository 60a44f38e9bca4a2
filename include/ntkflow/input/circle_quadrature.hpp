#pragma once

#include "ntkflow/base/random.hpp"
#include "ntkflow/input/circle_density.hpp"

namespace ntkflow {

/// Angles with weights that stand for a density: sum_i weights[i] g(angles[i]) ~ int g p.
struct WeightedAngles {
  Vector angles;   ///< in [-pi, pi)
  Vector weights;  ///< > 0, sum 1 to rounding
};

/// n i.i.d. angles, number i from number i of the stream, weights 1/n.
WeightedAngles sample_circle(const CircleDensity& density, const RandomStream& stream, Index n);

/// A quadrature rule with exactly n nodes, ascending.
///
/// One arc (the uniform density): n equispaced angles from -pi, weights exactly 1/n. Otherwise
/// composite Gauss-Legendre: the circle is cut at the density's edges and at their antipodes, where
/// the eigenfunctions of a kernel with a kink are not smooth; the pieces are divided into
/// max(pieces, n / 16) panels, longest panels first; the n nodes are dealt out evenly, so that a
/// panel has 16 or more of them, whatever n is, once n >= 16 pieces. Throws: ConfigError when n is
/// less than the number of pieces.
WeightedAngles circle_quadrature(const CircleDensity& density, Index n);

}  // namespace ntkflow
