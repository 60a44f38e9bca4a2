#include "ntkflow/input/gauss_legendre.hpp"

#include "ntkflow/base/error.hpp"

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

struct Legendre {
  double value;
  double slope;
};

Legendre legendre(Index degree, double x) {
  double previous = 0, value = 1;
  for (Index k = 1; k <= degree; ++k) {
    const auto order = static_cast<double>(k);
    const double next = ((2 * order - 1) * x * value - (order - 1) * previous) / order;
    previous = value;
    value = next;
  }
  return {value, static_cast<double>(degree) * (x * value - previous) / (x * x - 1)};
}

}  // namespace

GaussRule gauss_legendre(Index order) {
  NTKFLOW_EXPECTS(order >= 1);
  GaussRule rule{Vector::Zero(order), Vector::Zero(order)};
  // The rule is symmetric: one half is computed, the other mirrored, a node in the middle is 0.
  for (Index i = 0; 2 * i < order; ++i) {
    const bool middle = 2 * i + 1 == order;
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) /
                        (static_cast<double>(order) + 0.5));
    if (middle) x = 0;
    // Convergence is quadratic from this guess; five steps reach rounding at every order.
    for (int step = 0; step < 5 && !middle; ++step) {
      const Legendre p = legendre(order, x);
      x -= p.value / p.slope;
    }
    const double slope = legendre(order, x).slope;
    rule.nodes[i] = -x;
    rule.nodes[order - 1 - i] = x;
    rule.weights[i] = rule.weights[order - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  return rule;
}

}  // namespace ntkflow
