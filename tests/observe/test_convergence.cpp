#include "ntkflow/observe/convergence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

Vector at(const std::vector<double>& times, double (*value)(double)) {
  Vector values(count_of(times));
  for (Index j = 0; j < values.size(); ++j) values(j) = value(times[static_cast<std::size_t>(j)]);
  return values;
}

const std::vector<double> times = {0.0, 0.1, 0.3, 1.0, 3.0, 10.0};

TEST(ConvergenceTime, is_exact_for_exponentials) {
  const Vector values = at(times, [](double t) { return 7.0 * std::exp(-0.4 * t); });

  EXPECT_NEAR(convergence_time(times, values, 0.3), std::log(1 / 0.3) / 0.4, 1e-13);
  EXPECT_NEAR(convergence_time(times, values, 0.05), std::log(1 / 0.05) / 0.4, 1e-13);
}

TEST(ConvergenceTime, is_not_a_number_when_never_reached_or_nothing_is_there) {
  const Vector values = at(times, [](double t) { return std::exp(-0.4 * t); });

  EXPECT_TRUE(std::isnan(convergence_time(times, values, 1e-3)));
  EXPECT_TRUE(std::isnan(convergence_time(times, Vector::Zero(6), 0.5)));
  EXPECT_TRUE(std::isnan(
      convergence_time(times, Vector::Constant(6, std::numeric_limits<double>::quiet_NaN()), 0.5)));
}

TEST(ConvergenceTime, is_the_first_of_several_crossings_and_allows_zero) {
  const Vector values = (Vector(6) << 1.0, 0.8, 0.0, 0.9, 0.1, 0.1).finished();

  EXPECT_NEAR(convergence_time(times, values, 0.4), 0.2, 1e-15);
}

TEST(EigenspaceSizes, belong_to_the_eigenspace_and_drop_what_starts_as_rounding) {
  const Matrix coefficients = (Matrix(2, 4) << 3.0, 4.0, 1e-12, 1.0, 0.3, 0.4, 1.0, 0.5).finished();

  const Matrix sizes = eigenspace_sizes(coefficients, {0, 0, 1, 2}, 1.0);

  const Matrix expected = (Matrix(2, 4) << 5.0, 5.0, 0.0, 1.0, 0.5, 0.5, 0.0, 0.5).finished();
  EXPECT_LE((sizes - expected).cwiseAbs().maxCoeff(), 1e-15);
}

}  // namespace
}  // namespace ntkflow
