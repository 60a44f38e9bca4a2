#include "ntkflow/flow/phi_functions.hpp"

#include "ntkflow/base/error.hpp"

#include <cmath>

namespace ntkflow {
namespace {

// sum_j x^j / (j + k)!, by Horner's rule.
double taylor(int k, double x) {
  constexpr int terms = 21;
  double sum = 0.0;
  for (int j = terms - 1; j >= 1; --j) sum = (1.0 + sum) * x / (j + k);
  double factorial = 1.0;
  for (int j = 2; j <= k; ++j) factorial *= j;
  return (1.0 + sum) / factorial;
}

}  // namespace

double phi(int k, double x) {
  NTKFLOW_EXPECTS(1 <= k && k <= 3);
  if (std::abs(x) < 1.0) return taylor(k, x);
  double value = std::expm1(x) / x;
  if (k >= 2) value = (value - 1.0) / x;
  if (k >= 3) value = (value - 0.5) / x;
  return value;
}

Vector phi_of(int k, double h, const Vector& lambda) {
  return lambda.unaryExpr([k, h](double l) { return phi(k, -h * l); });
}

}  // namespace ntkflow
