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

void check_finite(const char* key, const std::vector<double>& values) {
  for (const double value : values)
    if (!std::isfinite(value))
      throw ConfigError(fmt::format("{} has {}, need finite numbers", key, value));
}

// The midpoints are the same for every u, so that the result is monotone in u whatever the rounding
// of the integral.
double quantile_by_bisection(const FourierSeries& modulation, double u) {
  double low = -pi, high = pi;
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return low;
    (modulation.integral(middle) < 2 * pi * u ? low : high) = middle;
  }
}

}  // namespace

double wrap_angle(double angle) {
  const double wrapped = angle - 2 * pi * std::floor((angle + pi) / (2 * pi));
  // Rounding may land on the excluded end, or just below the other one.
  return wrapped >= pi || wrapped < -pi ? -pi : wrapped;
}

CircleDensity::CircleDensity(std::vector<Arc> arcs, FourierSeries modulation)
    : arcs_(std::move(arcs)), modulation_(std::move(modulation)) {
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

CircleDensity CircleDensity::fourier(const std::vector<double>& cosines,
                                     const std::vector<double>& sines) {
  if (cosines.empty() && sines.empty())
    throw ConfigError("input.cos and input.sin are empty, need one of them for density = fourier");
  check_finite("input.cos", cosines);
  check_finite("input.sin", sines);
  FourierSeries modulation(cosines, sines);
  if (!modulation.is_positive())
    throw ConfigError(
        "input.cos and input.sin: 1 + sum_j cos_j cos(j a) + sin_j sin(j a) is not positive "
        "everywhere, need a density > 0");
  return CircleDensity({{-pi, 2 * pi, 1}}, std::move(modulation));
}

double CircleDensity::distance_from_start(double angle) const {
  const double along = angle - arcs_[0].first;
  return std::clamp(along - 2 * pi * std::floor(along / (2 * pi)), 0.0, 2 * pi);
}

double CircleDensity::operator()(double angle) const {
  return arcs_[static_cast<std::size_t>(region(angle))].density * modulation_(angle);
}

Index CircleDensity::region(double angle) const {
  const double along = distance_from_start(angle);
  const auto begins_behind = [&](const Arc& arc) { return arc.first - arcs_[0].first > along; };
  return std::find_if(arcs_.begin() + 1, arcs_.end(), begins_behind) - arcs_.begin() - 1;
}

double CircleDensity::distribution(double angle) const {
  const double along = distance_from_start(angle);
  if (!is_constant_on_arcs())
    return std::clamp(modulation_.integral(along - pi) / (2 * pi), 0.0, 1.0);
  const auto j = static_cast<std::size_t>(region(angle));
  const double into = along - (arcs_[j].first - arcs_[0].first);
  return std::clamp(mass_before_[j] + into * arcs_[j].density, 0.0, 1.0);
}

double CircleDensity::quantile(double u) const {
  NTKFLOW_EXPECTS(0 < u && u < 1);
  if (!is_constant_on_arcs()) return quantile_by_bisection(modulation_, u);
  const auto after = std::upper_bound(mass_before_.begin(), mass_before_.end(), u);
  const auto j = static_cast<std::size_t>(after - mass_before_.begin()) - 1;
  const Arc& arc = arcs_[j];
  const double along = (u - mass_before_[j]) / arc.density;
  return wrap_angle(arc.first + std::min(along, arc.length));
}

CircleDensity circle_density(const InputSpec& input) {
  switch (input.density) {
    case Density::uniform:
      return CircleDensity::uniform();
    case Density::piecewise:
      return CircleDensity::piecewise(input.edges, input.weights);
    case Density::fourier:
      return CircleDensity::fourier(input.cosines, input.sines);
    case Density::hemispheres:
      throw ConfigError("input.density = hemispheres is for input.space = sphere");
  }
  NTKFLOW_EXPECTS(!"a density that this switch does not know");
  return CircleDensity::uniform();
}

}  // namespace ntkflow
