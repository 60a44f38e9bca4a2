#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/gauss_legendre.hpp"

#include <vector>

namespace ntkflow {

/// Nodes and weights of a quadrature rule: sum_i weights[i] g(nodes[i]) ~ int g.
struct Quadrature {
  Vector nodes;
  Vector weights;
};

/// The rule between each two neighbours of an increasing list.
Quadrature composite_gauss(const std::vector<double>& ends, const GaussRule& rule);

}  // namespace ntkflow
