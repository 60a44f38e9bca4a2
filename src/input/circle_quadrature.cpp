#include "ntkflow/input/circle_quadrature.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/gauss_legendre.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;
constexpr Index nodes_per_panel = 16;

// A stretch of the circle on which the density is constant and no edge's antipode lies.
struct Piece {
  double first;
  double length;
  double density;
  Index panels = 1;
  double panel_length() const { return length / static_cast<double>(panels); }
};

// Where inside an arc the antipodes of all edges lie, as distances from its beginning, and its end.
std::vector<double> cuts_of(const CircleDensity::Arc& arc, const CircleDensity& density) {
  // An antipode this near to an edge is that edge, written with few digits. A kink that a panel's
  // end misses by so little costs its third power.
  constexpr double same = 1e-4;
  std::vector<double> cuts = {arc.length};
  for (const CircleDensity::Arc& other : density.arcs()) {
    const double distance = wrap_angle(other.first - arc.first) + pi;
    if (same < distance && distance < arc.length - same) cuts.push_back(distance);
  }
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

std::vector<Piece> pieces_of(const CircleDensity& density) {
  std::vector<Piece> pieces;
  for (const CircleDensity::Arc& arc : density.arcs()) {
    double begin = 0;
    for (const double end : cuts_of(arc, density)) {
      pieces.push_back({arc.first + begin, end - begin, arc.density});
      begin = end;
    }
  }
  return pieces;
}

// At most so many panels; the next one goes where panels are longest beside the waves of
// eigenfunctions, whose frequency follows the density's root [B20], and another one to the antipode
// of that piece, half of the list further: panels then end where the antipodes of other ones do.
void divide(std::vector<Piece>& pieces, Index panels) {
  const auto half = pieces.begin() + count_of(pieces) / 2;
  const auto waves = [&](const Piece& piece) {
    const Piece& antipode = *(&piece + count_of(pieces) / 2);
    return piece.panel_length() * std::sqrt(std::max(piece.density, antipode.density));
  };
  const auto shorter = [&](const Piece& a, const Piece& b) { return waves(a) < waves(b); };
  for (Index made = count_of(pieces); made + 2 <= panels; made += 2) {
    const auto longest = std::max_element(pieces.begin(), half, shorter);
    ++longest->panels;
    ++(longest + (half - pieces.begin()))->panels;
  }
}

Index panels_of(const std::vector<Piece>& pieces) {
  Index panels = 0;
  for (const Piece& piece : pieces) panels += piece.panels;
  return panels;
}

// Collects nodes panel by panel and hands them over by angle.
class PanelRule {
 public:
  PanelRule(Index nodes, Index panels)
      : longer_panels_(nodes % panels),
        short_rule_(gauss_legendre(nodes / panels)),
        long_rule_(gauss_legendre(nodes / panels + 1)) {}

  void add_panel(double first, double length, double density) {
    const GaussRule& rule = count_of(panels_) < longer_panels_ ? long_rule_ : short_rule_;
    panels_.push_back({first, length, rule.nodes.size()});
    for (Index i = 0; i < rule.nodes.size(); ++i) {
      const double angle = wrap_angle(first + length * (1 + rule.nodes[i]) / 2);
      nodes_.emplace_back(angle, density * length * rule.weights[i] / 2);
    }
  }

  WeightedAngles sorted() && {
    std::sort(nodes_.begin(), nodes_.end());
    WeightedAngles result{Vector(count_of(nodes_)), Vector(count_of(nodes_)), CircleRule::panels,
                          std::move(panels_)};
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      result.angles[static_cast<Index>(i)] = nodes_[i].first;
      result.weights[static_cast<Index>(i)] = nodes_[i].second;
    }
    return result;
  }

 private:
  Index longer_panels_;
  GaussRule short_rule_, long_rule_;
  std::vector<CirclePanel> panels_;
  std::vector<std::pair<double, double>> nodes_;
};

WeightedAngles equispaced(const CircleDensity& density, Index n) {
  if (n <= density.degree())
    throw ConfigError(fmt::format(
        "reference.points = {}, need more than the highest frequency of the density, {}", n,
        density.degree()));

  WeightedAngles rule{Vector(n), Vector::Constant(n, 1 / static_cast<double>(n)),
                      CircleRule::equispaced};
  // 2i - n is exact, so that the set of angles is symmetric to the last bit.
  for (Index i = 0; i < n; ++i)
    rule.angles[i] = pi * static_cast<double>(2 * i - n) / static_cast<double>(n);
  if (!density.is_constant_on_arcs())
    for (Index i = 0; i < n; ++i) rule.weights[i] *= 2 * pi * density(rule.angles[i]);
  return rule;
}

}  // namespace

WeightedAngles circle_quadrature(const CircleDensity& density, Index n) {
  if (density.arcs().size() == 1) return equispaced(density, n);
  std::vector<Piece> pieces = pieces_of(density);
  if (n < count_of(pieces))
    throw ConfigError(fmt::format(
        "reference.points = {}, need >= {}: the density's edges and their antipodes cut the circle "
        "into {} pieces, and {} points a piece are where the rule becomes accurate",
        n, pieces.size(), pieces.size(), nodes_per_panel));
  divide(pieces, n / nodes_per_panel);
  PanelRule rule(n, panels_of(pieces));
  for (const Piece& piece : pieces)
    for (Index p = 0; p < piece.panels; ++p)
      rule.add_panel(piece.first + static_cast<double>(p) * piece.panel_length(),
                     piece.panel_length(), piece.density);
  return std::move(rule).sorted();
}

}  // namespace ntkflow
