#include "ntkflow/base/error.hpp"
#include "ntkflow/spectrum/circle_kernel.hpp"
#include "spectrum/panels.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>

namespace ntkflow {
namespace {

using std::numbers::pi;

// An angle reduced to [0, 2 pi).
double once_round(double angle) {
  const double reduced = angle - 2 * pi * std::floor(angle / (2 * pi));
  return reduced < 2 * pi ? reduced : 0;
}

/// Lagrange's polynomials on the nodes of a Gauss-Legendre rule, in barycentric form.
struct PanelRule {
  explicit PanelRule(Index nodes)
      : gauss(gauss_legendre(nodes)), inner(gauss_legendre(nodes + 16)) {
    weights = ((1 - gauss.nodes.array().square()) * gauss.weights.array()).sqrt();
    for (Index j = 1; j < nodes; j += 2) weights[j] *= -1;
  }

  /// l_j(u) of all j.
  Vector polynomials(double u) const {
    Vector values = Vector::Zero(gauss.nodes.size());
    for (Index j = 0; j < values.size(); ++j) {
      if (u == gauss.nodes[j]) return Vector::Unit(values.size(), j);
      values[j] = weights[j] / (u - gauss.nodes[j]);
    }
    return values / values.sum();
  }

  GaussRule gauss;  ///< of the panel
  GaussRule inner;  ///< of the stretches between kinks: the polynomials times a smooth kernel
  Vector weights;
};

/// A kernel's integrals against the polynomials of one panel, as values K(x, z_j) at its nodes.
struct PanelValues {
  Index panel;
  Vector values;
};

struct Place {
  Index panel = 0;                 ///< which one holds the point
  std::optional<Index> node;       ///< of the panel, when the point is one
  std::vector<PanelValues> kinks;  ///< of the panels that hold the point or its antipode

  const Vector* values_on(Index other) const {
    for (const PanelValues& kink : kinks)
      if (kink.panel == other) return &kink.values;
    return nullptr;
  }
};

struct IntegratedPoints final : PointFeatures {
  std::unique_ptr<PointFeatures> plain;
  std::vector<Place> places;
  std::multimap<Index, Index> nodes_of_panel;  ///< panel: points that are nodes of it

  Index count() const override { return plain->count(); }
};

class ProductIntegratedKernel final : public Kernel {
 public:
  ProductIntegratedKernel(std::shared_ptr<const Kernel> kernel, double radius,
                          const std::vector<CirclePanel>& panels);

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override;
  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override;

 private:
  const PanelRule& rule_of(Index panel) const { return rules_.at(panel_of(panel).nodes); }
  const CirclePanel& panel_of(Index panel) const {
    return panels_[static_cast<std::size_t>(panel)];
  }
  double along(Index panel, double angle) const {
    return once_round(angle - panel_of(panel).first);
  }
  Index panel_with(double angle) const;
  std::optional<Index> node_at(Index panel, double angle) const;
  Quadrature between_kinks(Index panel, double angle) const;
  Vector values_on(Index panel, double angle) const;

  std::shared_ptr<const Kernel> kernel_;
  ZonalKernel zonal_;
  std::vector<CirclePanel> panels_;
  std::vector<double> begins_;  // of the panels, from the first one's
  std::map<Index, PanelRule> rules_;
};

ProductIntegratedKernel::ProductIntegratedKernel(std::shared_ptr<const Kernel> kernel,
                                                 double radius,
                                                 const std::vector<CirclePanel>& panels)
    : kernel_(std::move(kernel)), zonal_(*kernel_, 2, radius), panels_(panels) {
  NTKFLOW_EXPECTS(!panels.empty());
  for (const CirclePanel& panel : panels_) {
    begins_.push_back(panel.first - panels_.front().first);
    rules_.try_emplace(panel.nodes, panel.nodes);
  }
}

Index ProductIntegratedKernel::panel_with(double angle) const {
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), along(0, angle));
  return std::max<Index>(after - begins_.begin() - 1, 0);
}

std::optional<Index> ProductIntegratedKernel::node_at(Index panel, double angle) const {
  constexpr double rounding = 1e-14;  // of an angle that has been through cosine and sine
  const double half = panel_of(panel).length / 2;
  const Vector& nodes = rule_of(panel).gauss.nodes;
  Index nearest = 0;
  const double u = along(panel, angle) / half - 1;
  return (nodes.array() - u).abs().minCoeff(&nearest) * half < rounding
             ? std::optional<Index>(nearest)
             : std::nullopt;
}

// On [0, length] of the panel, cut where the kernel has its kinks.
Quadrature ProductIntegratedKernel::between_kinks(Index panel, double angle) const {
  const double length = panel_of(panel).length;
  std::vector<double> ends = {0, length};
  for (const double kink : {along(panel, angle), along(panel, angle + pi)})
    if (kink > 1e-14 && kink < length - 1e-14) ends.push_back(kink);
  std::sort(ends.begin(), ends.end());
  return composite_gauss(ends, rule_of(panel).inner);
}

Vector ProductIntegratedKernel::values_on(Index panel, double angle) const {
  const PanelRule& rule = rule_of(panel);
  const double half = panel_of(panel).length / 2;
  const Quadrature inner = between_kinks(panel, angle);
  const Eigen::ArrayXd distance = (inner.nodes.array() - along(panel, angle)).abs();
  const Vector kernel = zonal_(distance.min(2 * pi - distance));
  Vector integrals = Vector::Zero(rule.gauss.nodes.size());
  for (Index k = 0; k < inner.nodes.size(); ++k)
    integrals += inner.weights[k] * kernel[k] * rule.polynomials(inner.nodes[k] / half - 1);
  return integrals.array() / (half * rule.gauss.weights.array());
}

std::unique_ptr<PointFeatures> ProductIntegratedKernel::prepare(const Matrix& points) const {
  auto features = std::make_unique<IntegratedPoints>();
  features->plain = kernel_->prepare(points);
  for (Index i = 0; i < points.cols(); ++i) {
    double angle = std::atan2(points(1, i), points(0, i));
    Place place;
    place.panel = panel_with(angle);
    place.node = node_at(place.panel, angle);
    if (place.node) {
      const CirclePanel& panel = panel_of(place.panel);
      angle = panel.first + panel.length / 2 * (1 + rule_of(place.panel).gauss.nodes[*place.node]);
      features->nodes_of_panel.emplace(place.panel, i);
    }
    place.kinks.push_back({place.panel, values_on(place.panel, angle)});
    const Index antipode = panel_with(angle + pi);
    if (antipode != place.panel) place.kinks.push_back({antipode, values_on(antipode, angle)});
    features->places.push_back(std::move(place));
  }
  return features;
}

// What the integrals make of one value of the kernel: the mean over the sides whose partner is a
// node, where a side without a kink between the two has the plain value.
double integrated(const Place& row, const Place& column, double plain) {
  const auto side = [&](const Place& from, const Place& to) {
    const Vector* const values = from.values_on(to.panel);
    return values ? (*values)[*to.node] : plain;
  };
  if (row.node && column.node) return (side(row, column) + side(column, row)) / 2;
  if (column.node) return side(row, column);
  if (row.node) return side(column, row);
  return plain;
}

void ProductIntegratedKernel::tile(const PointFeatures& rows, const PointFeatures& columns,
                                   Eigen::Ref<Matrix> out) const {
  const auto& from = dynamic_cast<const IntegratedPoints&>(rows);
  const auto& to = dynamic_cast<const IntegratedPoints&>(columns);
  kernel_->tile(*from.plain, *to.plain, out);
  const auto place = [](const IntegratedPoints& points, Index i) -> const Place& {
    return points.places[static_cast<std::size_t>(i)];
  };
  for (Index i = 0; i < out.rows(); ++i)
    for (const PanelValues& kink : place(from, i).kinks) {
      const auto [first, last] = to.nodes_of_panel.equal_range(kink.panel);
      for (auto node = first; node != last; ++node)
        out(i, node->second) =
            integrated(place(from, i), place(to, node->second), out(i, node->second));
    }
  // Pairs that only the column's integrals touch.
  for (Index j = 0; j < out.cols(); ++j)
    for (const PanelValues& kink : place(to, j).kinks) {
      const auto [first, last] = from.nodes_of_panel.equal_range(kink.panel);
      for (auto node = first; node != last; ++node) {
        const Place& row = place(from, node->second);
        if (place(to, j).node && row.values_on(place(to, j).panel)) continue;
        out(node->second, j) = integrated(row, place(to, j), out(node->second, j));
      }
    }
}

}  // namespace

std::unique_ptr<Kernel> make_product_integrated_kernel(std::shared_ptr<const Kernel> kernel,
                                                       double radius,
                                                       const std::vector<CirclePanel>& panels) {
  return std::make_unique<ProductIntegratedKernel>(std::move(kernel), radius, panels);
}

}  // namespace ntkflow
