#include "ntkflow/observe/target_laws.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

PowerLaw unknown() {
  const double none = std::numeric_limits<double>::quiet_NaN();
  return {none, none, none, none};
}

}  // namespace

PowerLaw fit_power_law(const Vector& x, const Vector& y) {
  NTKFLOW_EXPECTS(x.size() == y.size());
  if (x.size() < 2) return unknown();
  const Vector u = x.array().log(), v = y.array().log();
  const Vector from_mean = u.array() - u.mean();
  const double spread = from_mean.squaredNorm();
  if (!(spread > 0.0)) return unknown();
  const double exponent = from_mean.dot(v) / spread;
  return {std::exp(v.mean() - exponent * u.mean()), exponent, x.minCoeff(), x.maxCoeff()};
}

PowerLaw eigenvalue_law(const Vector& eigenvalues) {
  const Index count = eigenvalues.size(), skipped = count / 10;
  const Index fitted = count - skipped;
  const auto first = static_cast<double>(skipped + 1);
  return fit_power_law(Vector::LinSpaced(fitted, first, static_cast<double>(count)),
                       eigenvalues.tail(fitted));
}

PowerLaw decay_law(const Vector& eigenvalues, const Vector& coefficients, double norm_squared) {
  constexpr Index samples = 64;
  const double first = 10.0 / eigenvalues(0), last = 1.0 / eigenvalues(eigenvalues.size() - 1);
  const Vector squares = coefficients.cwiseAbs2();
  const double beyond = std::max(0.0, norm_squared - squares.sum());
  if (!(first < last) || !(norm_squared > 0.0)) return unknown();
  const Vector t = Vector::LinSpaced(samples, std::log(first), std::log(last)).array().exp();
  const Vector left = t.unaryExpr([&](double at) {
    return beyond + (squares.array() * (-2.0 * at * eigenvalues.array()).exp()).sum();
  });
  // `left` only falls; below, what rounding makes of `beyond` would be fitted.
  constexpr double smallest = 1e-8;
  const Index count = (left.array() > smallest * norm_squared).count();
  return fit_power_law(t.head(count), left.head(count));
}

}  // namespace ntkflow
