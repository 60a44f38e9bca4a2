#pragma once

#include "ntkflow/network/activation.hpp"

#include <memory>
#include <vector>

namespace ntkflow {

/// Pairs of one column point with a run of row points, on their way through the layers.
/// The correlation rho of a pair's Gaussians is kept as its distance from either end: what an
/// arccos would lose near rho = +-1 is in `near` and `far`, which are small there and relatively
/// exact.
struct PairBlock {
  static constexpr Index capacity = 256;
  using Numbers = Eigen::Array<double, capacity, 1>;

  Index count = 0;
  Index first_row = 0;
  Index column = 0;
  Numbers near = Numbers::Ones();   ///< 1 - rho
  Numbers far = Numbers::Ones();    ///< 1 + rho
  Numbers slope = Numbers::Zero();  ///< D of the last dual, E[omega'(u) omega'(v)]
};

/// What a dual knows of each point of a batch.
struct DualPoints {
  Vector deviation;        ///< sqrt(q), q = E[u^2]
  Vector value_deviation;  ///< sqrt(E[omega(u)^2])
  /// Hermite coefficients, of a SeriesDual only, which also chose the layout.
  Matrix value_series, slope_series;
};

/// The dual of an activation: moments of omega(u), omega(v) and omega'(u), omega'(v) for Gaussians
/// (u, v) with deviations sqrt(q), sqrt(q') and correlation rho. Sources: Cho and Saul 2009 (ReLU),
/// Williams 1997 (erf), Daniely, Frostig and Singer 2016 (Hermite series).
class Dual {
 public:
  virtual ~Dual() = default;

  /// What belongs to points of these deviations.
  virtual DualPoints prepare(const Vector& deviation) const = 0;

  /// Replaces rho by the correlation (second moments, no means subtracted) of omega(u) and
  /// omega(v), 0 where one of them is 0, and sets slope to D.
  virtual void apply(const DualPoints& rows, const DualPoints& columns, PairBlock& pairs) const = 0;
};

/// Whether a dual leaves `near` and `far` relatively exact close to 0, as a kink above it needs.
enum class Ends { rounded, exact };

std::unique_ptr<Dual> make_relu_dual();  ///< ends exact
std::unique_ptr<Dual> make_erf_dual();   ///< ends rounded

/// Mehler series with coefficients that belong to a point, for odd smooth activations.
std::unique_ptr<Dual> make_series_dual(const Activation& odd_activation, Ends ends);

/// One dual a layer, the cheapest that is exact enough for the layers above.
std::vector<std::unique_ptr<Dual>> make_duals(const std::vector<const Activation*>& activations);

}  // namespace ntkflow
