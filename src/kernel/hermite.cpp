#include "kernel/hermite.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

// Of sum_k b_k^2. By Cauchy and Schwarz, what a pair neglects is below the root of one point's
// part.
constexpr double tail_tolerance = 1e-24;
constexpr Index terms_at_a_time = 16;
constexpr Index most_terms = 16384;
constexpr double most_variance = 1e4;  // tanh passes most_terms at 80 already

// The trapezoid rule's nodes on the half line z > 0, which is enough for even integrands; z = 0
// lies midway between two nodes. The singularities of omega(s z) come near the real axis as 1/s.
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

[[noreturn]] void refuse_variance(const Activation& omega, double deviation) {
  throw ConfigError(fmt::format(
      "the analytic kernel of {} needs more than {} series terms at a pre-activation variance of "
      "{:.4g}; make the inputs (input.scale) or sigma_w smaller",
      omega.name(), most_terms, deviation * deviation));
}

// The number of terms that the slope's series needs at one deviation.
Index count_terms(const Activation& omega, const HalfLine& line, double deviation) {
  Vector value = deviation * line.nodes;
  Vector slope(value.size());
  omega.value_and_derivative(value.data(), value.size(), value.data(), slope.data());
  const Vector weighted = slope.cwiseProduct(line.weights);
  const double whole = weighted.cwiseProduct(slope).dot(line.psi_0);

  HermiteFunctions psi(line);
  for (Index terms = 0; terms < most_terms;) {
    double added = 0.0;
    for (Index j = 0; j < terms_at_a_time; ++j, ++terms) {
      const double b = weighted.dot(psi.current());
      added += b * b;
      psi.advance();
      psi.advance();
    }
    if (added <= tail_tolerance * whole) return terms;
  }
  refuse_variance(omega, deviation);
}

}  // namespace

HermiteSeries hermite_series(const Activation& omega, const Vector& deviations) {
  const double largest = deviations.size() > 0 ? deviations.maxCoeff() : 0.0;
  if (!(largest * largest <= most_variance)) refuse_variance(omega, largest);
  const HalfLine line(largest);
  const Index terms = count_terms(omega, line, largest);

  Matrix even(line.nodes.size(), terms), odd(line.nodes.size(), terms);
  HermiteFunctions psi(line);
  for (Index j = 0; j < terms; ++j) {
    even.col(j) = line.weights.cwiseProduct(psi.current());
    psi.advance();
    odd.col(j) = line.weights.cwiseProduct(psi.current());
    psi.advance();
  }

  Matrix value = deviations * line.nodes.transpose();
  Matrix slope(value.rows(), value.cols());
  omega.value_and_derivative(value.data(), value.size(), value.data(), slope.data());
  return {value * odd, slope * even};
}

}  // namespace ntkflow
