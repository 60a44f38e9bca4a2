#include "kernel/hermite.hpp"

#include "kernel/chebyshev.hpp"
#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

namespace ntkflow {
namespace {

// Of sum_k b_k^2. By Cauchy and Schwarz, what a pair neglects is below the root of one point's
// part.
constexpr double tail_tolerance = 1e-24;
constexpr Index terms_at_a_time = 16;
constexpr Index most_terms = 2048;  // of a parity
constexpr double most_variance = 1e4;

// The trapezoid rule's nodes on the half line z > 0; z = 0 lies midway between two nodes. The
// singularities of omega(s z) come near the real axis as 1/s.
struct HalfLine {
  Vector nodes;
  Vector psi_0;    ///< (2 pi)^(-1/4) exp(-z^2/4)
  Vector weights;  ///< 2 h psi_0

  explicit HalfLine(double largest_deviation) {
    const double h = std::min(0.05, 0.15 / std::max(largest_deviation, 1.0));
    const auto count = static_cast<Index>(std::ceil(13.0 / h));
    nodes = Vector::LinSpaced(count, 0.5 * h, (static_cast<double>(count) - 0.5) * h);
    psi_0 = std::pow(2.0 * std::numbers::pi, -0.25) * (-0.25 * nodes.array().square()).exp();
    weights = 2.0 * h * psi_0;
  }
};

// Hermite functions psi_k(z) = he_k(z) psi_0(z) at all nodes, in the order of k.
class HermiteFunctions {
 public:
  explicit HermiteFunctions(const HalfLine& line)
      : nodes_(line.nodes), current_(line.psi_0), previous_(Vector::Zero(nodes_.size())) {}

  const Vector& current() const { return current_; }

  void advance() {
    previous_ = (nodes_.cwiseProduct(current_) - std::sqrt(k_) * previous_) / std::sqrt(k_ + 1.0);
    previous_.swap(current_);
    k_ += 1.0;
  }

 private:
  const Vector& nodes_;
  Vector current_, previous_;
  double k_ = 0.0;
};

// The even and the odd part of omega and of omega' at all nodes, where they are not 0 by symmetry.
// Shape: deviations x nodes.
struct Parts {
  ParitySeries value, slope;

  Parts(const Activation& omega, const HalfLine& line, const Vector& deviations) {
    const Matrix right = deviations * line.nodes.transpose();
    Matrix value_right(right.rows(), right.cols()), slope_right = value_right;
    omega.value_and_derivative(right.data(), right.size(), value_right.data(), slope_right.data());
    switch (omega.parity()) {
      case Parity::even:
        value[0] = std::move(value_right);
        slope[1] = std::move(slope_right);
        return;
      case Parity::odd:
        value[1] = std::move(value_right);
        slope[0] = std::move(slope_right);
        return;
      case Parity::none:
        break;
    }
    Matrix left = -right, slope_left = slope_right;
    omega.value_and_derivative(left.data(), left.size(), left.data(), slope_left.data());
    value = {0.5 * (value_right + left), 0.5 * (value_right - left)};
    slope = {0.5 * (slope_right + slope_left), 0.5 * (slope_right - slope_left)};
  }
};

// A sum of squares over the parts that there are, for each row. With weights: an energy E[f^2].
Vector energy(const ParitySeries& parts, const Vector& weights) {
  Vector sum = Vector::Zero(std::max(parts[0].rows(), parts[1].rows()));
  for (const Matrix& part : parts)
    if (part.size() > 0) sum += part.cwiseAbs2() * weights;
  return sum;
}

// The number of terms a parity that the slope's series needs at one deviation.
Index count_terms(const Activation& omega, const HalfLine& line, double deviation) {
  const ParitySeries slope = Parts(omega, line, Vector::Constant(1, deviation)).slope;
  const Vector energies = energy(slope, line.weights.cwiseProduct(line.psi_0));
  const double whole = energies.sum();

  HermiteFunctions psi(line);
  for (Index terms = 0; terms < most_terms;) {
    double added = 0.0;
    for (Index j = 0; j < terms_at_a_time; ++j, ++terms)
      for (const Matrix& part : slope) {
        if (part.size() > 0) {
          const double b = part.row(0) * line.weights.cwiseProduct(psi.current());
          added += b * b;
        }
        psi.advance();
      }
    if (added <= tail_tolerance * whole) return terms;
  }
  return most_terms;
}

// Puts what a series lacks of the function's energy into a column of its own.
void add_remainder(const Vector& energies, ParitySeries& series) {
  Vector left = energies;
  for (const Matrix& part : series)
    if (part.size() > 0) left -= part.rowwise().squaredNorm();
  Matrix& last = series[1].size() > 0 ? series[1] : series[0];
  last.conservativeResize(Eigen::NoChange, last.cols() + 1);
  last.col(last.cols() - 1) = left.cwiseMax(0.0).cwiseSqrt();
}

ParitySeries project(const ParitySeries& parts, const ParitySeries& psi) {
  ParitySeries series;
  for (std::size_t r = 0; r < 2; ++r)
    if (parts[r].size() > 0) series[r].noalias() = parts[r] * psi[r];
  return series;
}

// The coefficients of omega and its derivative, integrated at each deviation. Without remainders.
class Projection {
 public:
  Projection(const Activation& omega, const HalfLine& line, Index terms)
      : omega_(omega),
        line_(line),
        weighted_psi_{Matrix(line.nodes.size(), terms), Matrix(line.nodes.size(), terms)} {
    HermiteFunctions psi(line);
    for (Index j = 0; j < terms; ++j)
      for (Matrix& part : weighted_psi_) {
        part.col(j) = line.weights.cwiseProduct(psi.current());
        psi.advance();
      }
  }

  HermiteSeries of(const Parts& parts) const {
    return {project(parts.value, weighted_psi_), project(parts.slope, weighted_psi_)};
  }
  HermiteSeries at(const Vector& deviations) const { return of(Parts(omega_, line_, deviations)); }

 private:
  const Activation& omega_;
  const HalfLine& line_;
  ParitySeries weighted_psi_;
};

// Whether Chebyshev coefficients have fallen to rounding.
bool has_converged(const ParitySeries& values, const Matrix& transform) {
  constexpr double rounding = 4e-15;  // of integrals over hundreds of nodes
  return std::ranges::all_of(values, [&](const Matrix& part) {
    const auto at_nodes = part.topRows(std::min(part.rows(), transform.cols()));
    return part.size() == 0 || (transform.bottomRows(3) * at_nodes).cwiseAbs().maxCoeff() <=
                                   rounding * at_nodes.cwiseAbs().maxCoeff();
  });
}

// Coefficients are smooth functions of the deviation, away from 0 only: where there are many
// deviations, by interpolation between a few in the deviation's logarithm, exact to rounding; 0 is a
// node of its own. None where the deviations are too few or too far apart.
std::optional<HermiteSeries> interpolated(const Projection& projection, const Vector& deviations) {
  constexpr Index points_of_node = 4, fewest_nodes = 12;
  if (deviations.size() < points_of_node * fewest_nodes) return std::nullopt;
  const auto is_positive = deviations.array() > 0.0;
  const double largest = std::max(deviations.maxCoeff(), 1e-300);
  const double high = std::log(largest);
  const double low = std::log(is_positive.select(deviations, largest).minCoeff());
  const double middle = 0.5 * (high + low), half = std::max(0.5 * (high - low), 1e-300);
  for (Index n = fewest_nodes; points_of_node * n <= deviations.size(); n *= 2) {
    Vector nodes = Vector::Zero(n + 1);
    for (Index i = 0; i < n; ++i) nodes[i] = std::exp(middle + half * chebyshev_node(i, n));
    HermiteSeries series = projection.at(nodes);
    const Matrix transform = chebyshev_transform(n);
    if (!has_converged(series.value, transform) || !has_converged(series.slope, transform))
      continue;
    Matrix weights = Matrix::Zero(deviations.size(), n + 1);
    const Vector u = ((deviations.array().log() - middle) / half).cwiseMin(1.0).cwiseMax(-1.0);
    weights.leftCols(n).noalias() = chebyshev_polynomials(u, n) * transform;
    for (Index i = 0; i < deviations.size(); ++i)
      if (deviations[i] == 0.0) weights.row(i) = Vector::Unit(n + 1, n).transpose();
    for (ParitySeries* parts : {&series.value, &series.slope})
      for (Matrix& part : *parts)
        if (part.size() > 0) part = weights * part;
    return series;
  }
  return std::nullopt;
}

}  // namespace

HermiteSeries hermite_series(const Activation& omega, const Vector& deviations) {
  const double largest = deviations.size() > 0 ? deviations.maxCoeff() : 0.0;
  if (!(largest * largest <= most_variance))
    throw ConfigError(fmt::format(
        "the analytic kernel of {} is out of reach at a pre-activation variance of {:.4g}, need at "
        "most {:g}; make the inputs (input.scale) or sigma_w smaller",
        omega.name(), largest * largest, most_variance));
  const HalfLine line(largest);
  const Index terms = count_terms(omega, line, largest);

  const Projection projection(omega, line, terms);
  if (terms < most_terms)
    if (std::optional<HermiteSeries> series = interpolated(projection, deviations))
      return std::move(*series);

  const Parts parts(omega, line, deviations);
  HermiteSeries series = projection.of(parts);
  if (terms == most_terms) {
    const Vector measure = line.weights.cwiseProduct(line.psi_0);
    add_remainder(energy(parts.value, measure), series.value);
    add_remainder(energy(parts.slope, measure), series.slope);
  }
  return series;
}

}  // namespace ntkflow
