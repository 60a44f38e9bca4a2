#include "ntkflow/input/circle_density.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;

void check_edges(const std::vector<double>& edges) {
  if (edges.empty())
    throw ConfigError("input.edges is empty, need >= 1 angle for density = piecewise");
  for (std::size_t j = 0; j < edges.size(); ++j) {
    if (!std::isfinite(edges[j]) || std::abs(edges[j]) > 4 * pi)
      throw ConfigError(fmt::format("input.edges[{}] = {}, need an angle in radians", j, edges[j]));
    if (j > 0 && edges[j] <= edges[j - 1])
      throw ConfigError(fmt::format("input.edges[{}] = {} is not above the edge before it, {}", j,
                                    edges[j], edges[j - 1]));
  }
  if (edges.back() >= edges.front() + 2 * pi)
    throw ConfigError(
        fmt::format("input.edges go from {} to {}, need less than 2 pi: the last arc closes the "
                    "circle by itself",
                    edges.front(), edges.back()));
}

void check_values(const std::vector<double>& values, std::size_t arcs) {
  if (values.size() != arcs)
    throw ConfigError(
        fmt::format("input.weights has {} values and input.edges {}, need one density value for "
                    "each edge (arc j "
                    "begins at edge j, the last arc ends at the first edge)",
                    values.size(), arcs));
  for (std::size_t j = 0; j < arcs; ++j)
    if (!std::isfinite(values[j]) || values[j] <= 0)
      throw ConfigError(
          fmt::format("input.weights[{}] = {}, need a finite density > 0", j, values[j]));
  // Beyond this ratio a thin arc's quadrature weights drown in the rounding of the others.
  constexpr double largest_ratio = 1e12;
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  if (*highest / *lowest > largest_ratio)
    throw ConfigError(fmt::format("input.weights range from {} to {}, need a ratio <= {}", *lowest,
                                  *highest, largest_ratio));
}

}  // namespace

double wrap_angle(double angle) {
  const double wrapped = angle - 2 * pi * std::floor((angle + pi) / (2 * pi));
  // Rounding may land on the excluded end, or just below the other one.
  return wrapped >= pi || wrapped < -pi ? -pi : wrapped;
}

CircleDensity::CircleDensity(std::vector<Arc> arcs) : arcs_(std::move(arcs)) {
  double total = 0;
  for (const Arc& arc : arcs_) total += arc.length * arc.density;
  double before = 0;
  for (Arc& arc : arcs_) {
    arc.density /= total;
    mass_before_.push_back(before);
    before += arc.length * arc.density;
  }
}

CircleDensity CircleDensity::uniform() {
  return CircleDensity({{-pi, 2 * pi, 1}});
}

CircleDensity CircleDensity::piecewise(const std::vector<double>& edges,
                                       const std::vector<double>& values) {
  check_edges(edges);
  check_values(values, edges.size());
  const double highest = *std::max_element(values.begin(), values.end());
  std::vector<Arc> arcs;
  for (std::size_t j = 0; j < edges.size(); ++j) {
    const double end = j + 1 < edges.size() ? edges[j + 1] : edges[0] + 2 * pi;
    arcs.push_back({edges[j], end - edges[j], values[j] / highest});
  }
  return CircleDensity(std::move(arcs));
}

double CircleDensity::quantile(double u) const {
  NTKFLOW_EXPECTS(0 < u && u < 1);
  const auto after = std::upper_bound(mass_before_.begin(), mass_before_.end(), u);
  const auto j = static_cast<std::size_t>(after - mass_before_.begin()) - 1;
  const Arc& arc = arcs_[j];
  const double along = (u - mass_before_[j]) / arc.density;
  return wrap_angle(arc.first + std::min(along, arc.length));
}

}  // namespace ntkflow
