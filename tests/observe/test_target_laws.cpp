#include "ntkflow/observe/target_laws.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

Vector numbers(Index count) {
  return Vector::LinSpaced(count, 1.0, static_cast<double>(count));
}

TEST(PowerLawFit, finds_an_exact_law_and_says_where) {
  const Vector x = numbers(20), y = 3.0 * x.array().pow(-1.7);

  const PowerLaw law = fit_power_law(x, y);

  EXPECT_NEAR(law.factor, 3.0, 1e-12);
  EXPECT_NEAR(law.exponent, -1.7, 1e-13);
  EXPECT_EQ(law.first_x, 1.0);
  EXPECT_EQ(law.last_x, 20.0);
}

TEST(PowerLawFit, knows_nothing_of_one_point) {
  EXPECT_TRUE(std::isnan(fit_power_law(numbers(1), numbers(1)).exponent));
  EXPECT_TRUE(std::isnan(fit_power_law(Vector::Ones(3), numbers(3)).exponent));
}

TEST(EigenvalueLaw, leaves_out_the_first_tenth) {
  Vector sigma = 0.5 * numbers(50).array().pow(-2.0);
  sigma.head(5) *= 10.0;

  const PowerLaw law = eigenvalue_law(sigma);

  EXPECT_NEAR(law.exponent, -2.0, 1e-12);
  EXPECT_EQ(law.first_x, 6.0);
}

// sigma_i = i^-2 and c_i^2 = i^-a: sum_i exp(-2 t i^-2) i^-a ~ t^-(a-1)/2.
TEST(DecayLaw, is_that_of_the_spectrum) {
  const Vector i = numbers(20000);

  const PowerLaw law =
      decay_law(i.array().pow(-2.0), i.array().pow(-1.0), i.array().pow(-2.0).sum() + 1.0 / 20000);

  EXPECT_NEAR(law.exponent, -0.5, 0.01);
  EXPECT_NEAR(law.first_x, 10.0, 1e-9);
}

TEST(DecayLaw, needs_a_range_of_times_and_something_that_decays) {
  EXPECT_TRUE(std::isnan(decay_law(Vector::Ones(3), Vector::Ones(3), 3.0).exponent));
  EXPECT_TRUE(std::isnan(decay_law(numbers(99).cwiseInverse(), Vector::Zero(99), 0.0).exponent));
}

}  // namespace
}  // namespace ntkflow
