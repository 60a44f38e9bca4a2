#include "ntkflow/spectrum/density_approximation.hpp"

#include "spectrum/panels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

using std::numbers::pi;

}  // namespace

DensityApproximation::DensityApproximation(CircleDensity density)
    : density_(std::move(density)), z_(root_mass(pi) / (2 * pi)) {}

// Psi: over the arcs, which may begin anywhere, and their images a period lower and higher.
double DensityApproximation::root_mass(double x) const {
  static const GaussRule gauss = gauss_legendre(24);
  const auto waves = static_cast<double>(1 + density_.degree());
  double sum = 0;
  for (const CircleDensity::Arc& arc : density_.arcs())
    for (const double turn : {-4 * pi, -2 * pi, 0.0, 2 * pi, 4 * pi}) {
      const double first = std::max(arc.first + turn, -pi), last = std::min(arc.end() + turn, x);
      if (last <= first) continue;
      std::vector<double> ends;
      const double panels = std::ceil(waves * (last - first));
      for (double p = 0; p <= panels; ++p) ends.push_back(first + (last - first) * p / panels);
      const Quadrature rule = composite_gauss(ends, gauss);
      for (Index i = 0; i < rule.nodes.size(); ++i)
        sum += rule.weights[i] * std::sqrt(density_(rule.nodes[i]));
    }
  return sum;
}

Vector DensityApproximation::eigenvalues(const Vector& uniform) const {
  return 2 * pi * z_ * z_ * uniform;
}

Matrix DensityApproximation::local_frequencies(Index frequencies) const {
  const auto& arcs = density_.arcs();
  return Matrix::NullaryExpr(frequencies, count_of(arcs), [&](Index q, Index j) {
    return static_cast<double>(q) * std::sqrt(arcs[static_cast<std::size_t>(j)].density) / z_;
  });
}

}  // namespace ntkflow
