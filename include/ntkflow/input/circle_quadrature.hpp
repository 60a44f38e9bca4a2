#pragma once

#include "ntkflow/input/circle_density.hpp"

#include <vector>

namespace ntkflow {

/// How the nodes of a rule lie, which decides how a kernel's kink is integrated on them.
enum class CircleRule { equispaced, panels };

/// A stretch of the circle with the nodes of one Gauss-Legendre rule.
struct CirclePanel {
  double first;   ///< where it begins; a panel of a rule begins where the one before it ends
  double length;  ///< > 0
  Index nodes;    ///< >= 1
};

/// Angles with weights that stand for a density: sum_i weights[i] g(angles[i]) ~ int g p.
struct WeightedAngles {
  Vector angles;   ///< in [-pi, pi)
  Vector weights;  ///< > 0, sum 1 to rounding
  CircleRule rule;
  std::vector<CirclePanel> panels = {};  ///< once round the circle; of CircleRule::panels only
};

/// A quadrature rule with exactly n nodes, ascending.
///
/// One arc: n equispaced angles a from -pi, weights 2 pi p(a) / n (uniform density: exactly 1/n),
/// the best rule for smooth periodic functions: exact for trigonometric polynomials of degree below
/// n minus the density's. Otherwise composite Gauss-Legendre: the circle is cut at the density's
/// edges and at their antipodes, where the eigenfunctions of a kernel with a kink are not smooth;
/// the pieces are divided into max(pieces, n / 16) panels or one less, first where a panel has most
/// waves of eigenfunctions, its length times the root of the density there or at the antipode, and
/// the antipode of each panel is a panel, too; the n nodes are dealt out evenly, so that a panel
/// has 16 or more of them, whatever n is, once n >= 16 pieces.
/// Throws: ConfigError when n is less than the number of pieces, or not above the density's degree.
WeightedAngles circle_quadrature(const CircleDensity& density, Index n);

}  // namespace ntkflow
