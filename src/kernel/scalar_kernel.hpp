#pragma once

#include "ntkflow/base/types.hpp"

#include <array>
#include <functional>

namespace ntkflow {

/// A kernel that depends on the angle alone, tabulated: polynomials on pieces of s = sqrt(w/2), w
/// the distance 1 - |rho| from the nearer end. s is the sine of half the angle to it, in which
/// compositions of duals are smooth. Error about 1e-15 of the largest value.
class ScalarKernel {
 public:
  /// Values at pairs with the given 1 - rho and 1 + rho.
  using Function = std::function<Vector(const Vector& near, const Vector& far)>;

  explicit ScalarKernel(const Function& function);

  /// value[i] = kappa(value[i]) on entry a cosine, which rounding may have put beyond +-1.
  void apply(double* value, Index count) const;

  /// kappa at one pair, exact near the ends too.
  double at(double near, double far) const;

 private:
  static constexpr Index pieces = 8;  // a sign; those of rho > 0 first
  static constexpr Index terms = 13;
  static constexpr Index stride = 16;

  /// Where coefficient k of a piece is, for powers of the place u in [-1, 1] on the piece: terms or
  /// pieces after each other, as apply() looks them up.
  static Index index_of(Index piece, Index k);
  double polynomial(Index piece, double u) const;

  alignas(64) std::array<double, stride* stride> coefficients_ = {};
};

}  // namespace ntkflow
