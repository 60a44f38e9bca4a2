#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/network/network.hpp"

#include <Eigen/Core>
#include <memory>
#include <span>

namespace ntkflow {

/// What a kernel needs of each point of a batch, computed once a point: norms, series coefficients,
/// activations, backward signals. Opaque; belongs to the kernel that prepared it.
class PointFeatures {
 public:
  virtual ~PointFeatures() = default;
  virtual Index count() const = 0;
};

/// A positive semi-definite kernel K(x, x') on the input space, a tile at a time.
/// No MPI; const methods are thread-safe.
class Kernel {
 public:
  virtual ~Kernel() = default;

  /// Shape:  points input.size() x count, one point a column.
  /// Throws: ConfigError where the kernel cannot be computed at a point.
  virtual std::unique_ptr<PointFeatures> prepare(const Matrix& points) const = 0;

  /// out(i, j) = K(row point i, column point j), from what prepare() made.
  /// Shape:  out rows.count() x columns.count().
  /// Throws: ConfigError where the kernel cannot be computed at a point and prepare() did not see it.
  virtual void tile(const PointFeatures& rows, const PointFeatures& columns,
                    Eigen::Ref<Matrix> out) const = 0;

  /// The part of a tile that is wanted of a symmetric matrix's lower triangle: out(i, j) for
  /// i >= first_rows[j]. What is above may be filled or left as it is.
  /// Shape: first_rows ascends, one entry a column, each in [0, rows.count()].
  virtual void lower_tile(const PointFeatures& rows, const PointFeatures& columns,
                          [[maybe_unused]] std::span<const Index> first_rows,
                          Eigen::Ref<Matrix> out) const {
    tile(rows, columns, out);
  }
};

enum class AnalyticKind { ntk, nngp };

/// K_inf, or the covariance of the infinitely wide network's value at the start. Exact to rounding
/// (an activation without closed form: to about 1e-12 of the diagonal), also for equal,
/// proportional, opposite and zero points; widths do not matter. ReLU's derivative at 0 is 0.
/// Series end at degree 4096: where the pre-activation variance is so large that more is needed
/// (tanh: beyond about 10), pairs with |rho| > 0.99 are less exact (hermite.hpp); prepare(), or on a
/// grid tile(), refuses variances out of reach.
/// Of points on a grid prepare() keeps little more than the points; a tile does its sides in parts of
/// half a gibibyte each.
/// Throws: ConfigError for an architecture that cannot be.
/// Source: Bowman and Montufar 2022, appendix; Arora et al. 2019, On exact computation with an
/// infinitely wide neural net, section 3 and 4.
std::unique_ptr<Kernel> make_analytic_kernel(const Architecture& architecture, AnalyticKind kind);

/// K_t(x, x') = <grad f(x; theta), grad f(x'; theta)> over the trained parameters, by per-layer
/// Hadamard products; never the n x p Jacobian. Copies theta.
/// Source: Novak et al. 2022, Fast finite width NTK, section 3.
std::unique_ptr<Kernel> make_empirical_kernel(const Network& network, Parameters theta);

}  // namespace ntkflow
