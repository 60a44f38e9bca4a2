#pragma once

#include "kernel/pair_run.hpp"
#include "ntkflow/network/activation.hpp"

#include <array>
#include <memory>
#include <vector>

namespace ntkflow {

/// Hermite coefficients of a function at many points, those of even and those of odd degree; a
/// parity that the function lacks has no columns.
using ParitySeries = std::array<Matrix, 2>;

/// What a dual knows of each point of a batch.
struct DualPoints {
  Vector deviation;        ///< sqrt(q), q = E[u^2]
  Vector value_deviation;  ///< sqrt(E[omega(u)^2])
  Vector mean;             ///< mu = E[omega(u)]
  /// Of a series dual only, which also chose the layout.
  ParitySeries value_series, slope_series;
  /// Of a dual with a kink only: whether some point of each group of `lanes` has deviation 0.
  Eigen::Array<bool, Eigen::Dynamic, 1> has_zero = {};
};

/// The dual of an activation: moments of omega(u), omega(v) and omega'(u), omega'(v) for Gaussians
/// (u, v) with deviations sqrt(q), sqrt(q') and correlation rho.
class Dual {
 public:
  virtual ~Dual() = default;

  /// What belongs to points of these deviations.
  virtual DualPoints prepare(const Vector& deviation) const = 0;

  /// Replaces rho by the correlation (second moments, no means subtracted) of omega(u) and
  /// omega(v), 0 where one of them is 0, and sets slope to D.
  virtual void apply(const DualPoints& rows, const DualPoints& columns,
                     const PairRun& pairs) const = 0;
};

/// Whether a dual leaves `near` and `far` relatively exact close to 0, as a kink above it needs.
enum class Ends { rounded, exact };

/// relu, leaky relu, abs, identity. Ends exact.
/// Source: Cho and Saul 2009, Kernel methods for deep learning.
std::unique_ptr<Dual> make_slopes_dual(Slopes slopes);

/// erf(z). Ends rounded. Source: Williams 1997, Computing with infinite networks.
std::unique_ptr<Dual> make_erf_dual();

/// sin(z) and cos(z). Ends rounded. Source: E[exp(iu)] = exp(-q/2).
std::unique_ptr<Dual> make_sine_dual();
std::unique_ptr<Dual> make_cosine_dual();

/// z Phi(z), Phi the normal distribution function. Ends rounded. Source: Tsuchida, Pearce, van der
/// Heide, Roosta and Gallagher 2021, Avoiding kernel fixed points.
std::unique_ptr<Dual> make_gelu_dual();

/// Mehler series with coefficients that belong to a point, for any smooth activation.
/// Source: Daniely, Frostig and Singer 2016, Toward deeper understanding of neural networks.
std::unique_ptr<Dual> make_series_dual(const Activation& smooth, Ends ends);

/// The duals of a network's layers and what is asked of each.
struct LayerDual {
  std::unique_ptr<Dual> dual;
  Ends ends = Ends::rounded;  ///< of the correlations that enter it
};

/// One dual a layer, the cheapest that is exact enough for the layers above.
std::vector<LayerDual> make_duals(const std::vector<const Activation*>& activations);

}  // namespace ntkflow
