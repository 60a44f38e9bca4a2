#include "spectrum/panels.hpp"

#include "ntkflow/base/error.hpp"

namespace ntkflow {

Quadrature composite_gauss(const std::vector<double>& ends, const GaussRule& rule) {
  NTKFLOW_EXPECTS(ends.size() >= 2);
  const Index panels = count_of(ends) - 1, order = rule.nodes.size();
  Quadrature all{Vector(panels * order), Vector(panels * order)};
  for (Index p = 0; p < panels; ++p) {
    const double first = ends[static_cast<std::size_t>(p)];
    const double half = (ends[static_cast<std::size_t>(p) + 1] - first) / 2;
    all.nodes.segment(p * order, order) = first + half * (1 + rule.nodes.array());
    all.weights.segment(p * order, order) = half * rule.weights;
  }
  return all;
}

}  // namespace ntkflow
