#include "ntkflow/network/activation.hpp"

#include "ntkflow/base/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace ntkflow {
namespace {

// Odd length, so that the loops have a remainder behind the whole vectors.
Vector arguments() {
  Vector z = Vector::LinSpaced(1003, -6.0, 6.0);
  z[500] = 0.0;
  z[501] = 1e-9;
  return z;
}

long double exact_value(std::string_view name, long double z) {
  if (name == "relu") return z > 0 ? z : 0.0L;
  return name == "tanh" ? std::tanh(z) : std::erf(z);
}

long double exact_derivative(std::string_view name, long double z) {
  if (name == "relu") return z > 0 ? 1.0L : 0.0L;
  if (name == "tanh") return 1.0L - std::tanh(z) * std::tanh(z);
  return 2.0L * std::numbers::inv_sqrtpi_v<long double> * std::exp(-z * z);
}

TEST(Activation, value_and_derivative_are_exact_to_rounding) {
  const Vector z = arguments();
  for (const std::string& name : activation_names()) {
    Vector value(z.size()), derivative(z.size()), alone(z.size());
    activation(name).value_and_derivative(z.data(), z.size(), value.data(), derivative.data());
    activation(name).value(z.data(), z.size(), alone.data());

    EXPECT_EQ(alone, value) << name;
    for (Index i = 0; i < z.size(); ++i) {
      const auto exact = static_cast<double>(exact_value(name, z[i]));
      EXPECT_NEAR(value[i], exact, 1e-15 * std::abs(exact)) << name << " at " << z[i];
      EXPECT_NEAR(derivative[i], static_cast<double>(exact_derivative(name, z[i])), 1e-15)
          << name << " at " << z[i];
    }
  }
}

TEST(Activation, works_in_place) {
  const Vector z = arguments();
  for (const std::string& name : activation_names()) {
    Vector value(z.size()), derivative(z.size());
    activation(name).value_and_derivative(z.data(), z.size(), value.data(), derivative.data());

    Vector only_value = z, onto_value = z, onto_derivative = z, other(z.size());
    activation(name).value(only_value.data(), z.size(), only_value.data());
    activation(name).value_and_derivative(onto_value.data(), z.size(), onto_value.data(),
                                          other.data());
    EXPECT_EQ(other, derivative) << name;
    activation(name).value_and_derivative(onto_derivative.data(), z.size(), other.data(),
                                          onto_derivative.data());

    EXPECT_EQ(only_value, value) << name;
    EXPECT_EQ(onto_value, value) << name;
    EXPECT_EQ(other, value) << name;
    EXPECT_EQ(onto_derivative, derivative) << name;
  }
}

TEST(Activation, nan_stays_nan) {
  for (const std::string& name : activation_names()) {
    Vector z = arguments();
    for (const Index i : {0, 7, 1002}) z[i] = std::numeric_limits<double>::quiet_NaN();

    activation(name).value(z.data(), z.size(), z.data());

    for (Index i = 0; i < z.size(); ++i)
      EXPECT_EQ(std::isnan(z[i]), i == 0 || i == 7 || i == 1002) << name << " at " << i;
  }
}

TEST(Activation, unknown_name_is_an_error_with_the_nearest_one) {
  EXPECT_EQ(activation("tanh").name(), "tanh");
  try {
    activation("tan");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'tanh'"), std::string::npos);
  }
}

}  // namespace
}  // namespace ntkflow
