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

using Real = long double;

Real normal_distribution(Real z) {
  return 0.5L * std::erfc(-z / std::numbers::sqrt2_v<Real>);
}
Real normal_density(Real z) {
  return std::exp(-0.5L * z * z) * std::numbers::inv_sqrtpi_v<Real> / std::numbers::sqrt2_v<Real>;
}
Real logistic(Real z) {
  return 1.0L / (1.0L + std::exp(-z));
}
Real logistic_slope(Real z) {
  return logistic(z) * logistic(-z);
}

struct Exact {
  const char* name;
  Real (*value)(Real);
  Real (*derivative)(Real);
};

const Exact exact_formulas[] = {
    {"abs", [](Real z) { return std::abs(z); }, [](Real z) { return z > 0 ? 1.0L : -1.0L; }},
    {"cos", [](Real z) { return std::cos(z); }, [](Real z) { return -std::sin(z); }},
    {"erf", [](Real z) { return std::erf(z); },
     [](Real z) { return 2.0L * std::numbers::inv_sqrtpi_v<Real> * std::exp(-z * z); }},
    {"gelu", [](Real z) { return z * normal_distribution(z); },
     [](Real z) { return normal_distribution(z) + z * normal_density(z); }},
    {"identity", [](Real z) { return z; }, [](Real) { return 1.0L; }},
    {"leaky_relu", [](Real z) { return z > 0 ? z : 0.01 * z; },
     [](Real z) { return z > 0 ? 1.0L : Real{0.01}; }},
    {"relu", [](Real z) { return z > 0 ? z : 0.0L; }, [](Real z) { return z > 0 ? 1.0L : 0.0L; }},
    {"sigmoid", logistic, logistic_slope},
    {"sin", [](Real z) { return std::sin(z); }, [](Real z) { return std::cos(z); }},
    {"softplus", [](Real z) { return std::log1p(std::exp(z)); }, logistic},
    {"swish", [](Real z) { return z * logistic(z); },
     [](Real z) { return logistic(z) + z * logistic_slope(z); }},
    {"tanh", [](Real z) { return std::tanh(z); },
     [](Real z) { return 1.0L - std::tanh(z) * std::tanh(z); }},
};

// Relative, but for zeros that are no floating-point numbers. The rounding of z/sqrt(2) moves the
// tail of gelu by z^2 times as much.
double value_tolerance(const Activation& omega, double z, double size) {
  if (omega.name() == "sin" || omega.name() == "cos") return 1e-15 * size + 1e-16;
  return 1e-15 * size * (omega.name() == "gelu" ? 1.0 + z * z : 1.0);
}

TEST(Activation, value_and_derivative_are_exact_to_rounding) {
  const Vector z = arguments();
  ASSERT_EQ(activation_names().size(), std::size(exact_formulas));
  for (const Exact& exact : exact_formulas) {
    const Activation& omega = activation(exact.name);
    Vector value(z.size()), derivative(z.size()), alone(z.size());
    omega.value_and_derivative(z.data(), z.size(), value.data(), derivative.data());
    omega.value(z.data(), z.size(), alone.data());

    EXPECT_EQ(alone, value) << exact.name;
    for (Index i = 0; i < z.size(); ++i) {
      const auto expected = static_cast<double>(exact.value(z[i]));
      EXPECT_NEAR(value[i], expected, value_tolerance(omega, z[i], std::abs(expected)))
          << exact.name << " at " << z[i];
      EXPECT_NEAR(derivative[i], static_cast<double>(exact.derivative(z[i])), 1e-15)
          << exact.name << " at " << z[i];
    }
  }
}

TEST(Activation, far_arguments_have_their_limits) {
  const Vector z = (Vector(4) << -800.0, -40.0, 40.0, 800.0).finished();
  for (const char* name : {"sigmoid", "softplus", "swish", "gelu", "tanh"}) {
    Vector value(4), derivative(4);
    activation(name).value_and_derivative(z.data(), 4, value.data(), derivative.data());

    EXPECT_TRUE(value.allFinite() && derivative.allFinite()) << name;
    EXPECT_NEAR(derivative[3],
                activation(name).name() == "sigmoid" || name == std::string("tanh") ? 0 : 1, 1e-15)
        << name;
  }
}

TEST(Activation, symmetry_and_slopes_are_those_of_the_values) {
  const Vector z = arguments();
  const Vector mirrored = -z;
  for (const std::string& name : activation_names()) {
    const Activation& omega = activation(name);
    Vector value(z.size()), opposite(z.size());
    omega.value(z.data(), z.size(), value.data());
    omega.value(mirrored.data(), z.size(), opposite.data());

    EXPECT_EQ(omega.parity() == Parity::even, opposite.isApprox(value, 1e-15)) << name;
    EXPECT_EQ(omega.parity() == Parity::odd, opposite.isApprox(-value, 1e-15)) << name;
    if (const auto slopes = omega.slopes()) {
      EXPECT_EQ(value, slopes->negative * z.cwiseMin(0.0) + slopes->positive * z.cwiseMax(0.0));
    }
  }
}

TEST(Activation, a_parameter_is_part_of_the_name) {
  const Activation& leaky = activation("leaky_relu:0.20");

  EXPECT_EQ(leaky.name(), "leaky_relu:0.2");
  EXPECT_EQ(&leaky, &activation("leaky_relu:0.2"));
  EXPECT_EQ(&activation("leaky_relu"), &activation("leaky_relu:0.01"));
  EXPECT_EQ(leaky.slopes()->negative, 0.2);
  EXPECT_THROW(activation("leaky_relu:"), ConfigError);
  EXPECT_THROW(activation("tanh:1"), ConfigError);
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
