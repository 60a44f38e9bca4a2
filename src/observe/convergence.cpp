#include "ntkflow/observe/convergence.hpp"

#include "ntkflow/base/error.hpp"

#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

// Where a value that goes from a > goal to b <= goal in time 1 meets the goal.
double crossing(double a, double b, double goal) {
  if (!(b > 0.0)) return (a - goal) / (a - b);
  return std::log(a / goal) / std::log(a / b);
}

}  // namespace

double convergence_time(const std::vector<double>& times, const Vector& values, double fraction) {
  NTKFLOW_EXPECTS(count_of(times) == values.size());
  const double goal = fraction * values(0);
  if (!(goal > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  for (Index j = 0; j < values.size(); ++j) {
    if (!(values(j) <= goal)) continue;
    const auto at = static_cast<std::size_t>(j);
    if (j == 0) return times[at];
    const double before = times[at - 1];
    return before + (times[at] - before) * crossing(values(j - 1), values(j), goal);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

Vector convergence_times(const std::vector<double>& times, const Matrix& values, double fraction) {
  Vector result(values.cols());
  for (Index i = 0; i < values.cols(); ++i)
    result(i) = convergence_time(times, values.col(i), fraction);
  return result;
}

Matrix eigenspace_sizes(const Matrix& coefficients, const IndexList& eigenspace, double scale) {
  const Index n = count_of(eigenspace);
  NTKFLOW_EXPECTS(coefficients.cols() == n);
  Matrix sizes(coefficients.rows(), n);
  for (Index first = 0, last = 0; first < n; first = last) {
    const Index space = eigenspace[static_cast<std::size_t>(first)];
    while (last < n && eigenspace[static_cast<std::size_t>(last)] == space) ++last;
    Vector norm = coefficients.middleCols(first, last - first).rowwise().norm();
    if (!(norm(0) > 1e-9 * scale)) norm.setZero();
    sizes.middleCols(first, last - first) = norm.replicate(1, last - first);
  }
  return sizes;
}

}  // namespace ntkflow
