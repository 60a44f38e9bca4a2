#include "support/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

constexpr Index dimension = 4;

struct Case {
  const char* layers;
  const char* readout;
  const char* activation;
};

const Case cases[] = {
    {"fc:9", "dense", "relu"},
    {"fc:7, fc:11", "dense", "tanh"},
    {"fc:6, fc:8, fc:5", "dense:bias=random:sigma_b=0.5", "erf"},
    {"fc:6:bias=random:sigma_b=0.3, fc:8:bias=zero:sigma_b=2:sigma_w=1.5", "dense:sigma_w=2",
     "tanh"},
    {"fc:9:fan=one:bias=zero:sigma_b=1", "dense:init=signs:trained=no", "relu"},
    {"fc:4:trained=no, fc:3:bias=random:sigma_b=1:trained=bias, "
     "fc:5:bias=zero:sigma_b=1:trained=weights",
     "dense:bias=zero:sigma_b=1:trained=bias", "tanh"},
};

Network make_network(const Case& c, Start start) {
  return Network(make_architecture(c.layers, c.readout, c.activation, dimension), start);
}

Vector random_parameters(const Network& network) {
  const Matrix m = normal_points(network.parameter_count(), 1, 2);
  return m.col(0);
}

// Row i: the gradient of f at point i.
Matrix jacobian(const Network& network, const Vector& theta, const Matrix& x) {
  Matrix j = Matrix::Zero(theta.size(), x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    const Matrix point = x.col(i);
    Vector gradient = Vector::Zero(theta.size());
    network.add_vjp(span_of(theta), point, Vector::Ones(1), span_of(gradient));
    j.col(i) = gradient;
  }
  return j.transpose();
}

TEST(EmpiricalKernel, is_the_jacobian_times_its_transpose) {
  const Matrix x = normal_points(dimension, 6);
  const Matrix z = normal_points(dimension, 5, 3);
  for (const Case& c : cases)
    for (const Start start : {Start::standard, Start::antisymmetric}) {
      const Network network = make_network(c, start);
      const Vector theta = random_parameters(network);

      const Matrix k = kernel_matrix(*make_empirical_kernel(network, span_of(theta)), x, z);

      const Matrix expected = jacobian(network, theta, x) * jacobian(network, theta, z).transpose();
      EXPECT_LE((k - expected).norm(), 1e-13 * expected.norm()) << c.layers;
    }
}

TEST(EmpiricalKernel, blocks_of_a_tile_do_not_show) {
  const Network network = make_network(cases[3], Start::antisymmetric);
  const Vector theta = random_parameters(network);
  const auto kernel = make_empirical_kernel(network, span_of(theta));
  const Matrix x = normal_points(dimension, 520);
  const Matrix z = normal_points(dimension, 300, 3);

  const Matrix k = kernel_matrix(*kernel, x, z);

  for (const auto& [i, j] : {std::pair<Index, Index>{0, 0}, {255, 256}, {256, 255}, {519, 299}}) {
    const Matrix one = kernel_matrix(*kernel, x.col(i), z.col(j));
    EXPECT_NEAR(k(i, j), one(0, 0), 1e-13 * k.cwiseAbs().maxCoeff());
  }
}

TEST(EmpiricalKernel, at_an_antisymmetric_start_is_that_of_one_half) {
  const Matrix x = normal_points(dimension, 6);
  const Network both = make_network(cases[1], Start::antisymmetric);
  const Network one = make_network(cases[1], Start::standard);
  const Vector theta = both.initial_parameters(4, {0, both.parameter_count()});
  const Vector half = theta.head(one.parameter_count());

  const Matrix k = kernel_matrix(*make_empirical_kernel(both, span_of(theta)), x, x);

  const Matrix expected = kernel_matrix(*make_empirical_kernel(one, span_of(half)), x, x);
  EXPECT_LE((k - expected).norm(), 1e-15 * expected.norm());
}

TEST(EmpiricalKernel, keeps_its_own_parameters) {
  const Network network = make_network(cases[0], Start::standard);
  Vector theta = random_parameters(network);
  const Matrix x = normal_points(dimension, 3);
  const auto kernel = make_empirical_kernel(network, span_of(theta));
  const Matrix before = kernel_matrix(*kernel, x, x);

  theta.setZero();

  EXPECT_EQ(kernel_matrix(*kernel, x, x), before);
}

// Largest deviation of the mean over draws of theta_0 from the analytic kernel, in standard errors.
double largest_z_score(const Architecture& architecture, int draws) {
  const Network network(architecture, Start::standard);
  const Matrix x = normal_points(dimension, 4);
  Matrix sum = Matrix::Zero(4, 4), squares = Matrix::Zero(4, 4);
  for (int draw = 0; draw < draws; ++draw) {
    const Vector theta = network.initial_parameters(static_cast<std::uint64_t>(draw),
                                                    {0, network.parameter_count()});
    const Matrix k = kernel_matrix(*make_empirical_kernel(network, span_of(theta)), x, x);
    sum += k;
    squares += k.cwiseProduct(k);
  }
  const Matrix mean = sum / draws;
  const Matrix variance = squares / draws - mean.cwiseProduct(mean);
  const Matrix exact = kernel_matrix(*make_analytic_kernel(architecture, AnalyticKind::ntk), x, x);
  return ((mean - exact).array() / (variance.array() / draws).sqrt()).abs().maxCoeff();
}

// With one hidden layer the mean of K_0 is K_inf at every width.
TEST(EmpiricalKernel, mean_over_starts_of_one_layer_is_the_analytic_kernel) {
  for (const char* name : {"relu", "tanh", "erf"})
    for (const char* layers : {"fc:40", "fc:40:bias=random:sigma_b=0.7:sigma_w=1.5",
                               "fc:40:fan=one:bias=zero:sigma_b=1"})
      for (const char* readout : {"dense", "dense:init=signs:trained=no"})
        EXPECT_LT(largest_z_score(make_architecture(layers, readout, name, dimension), 200), 4.5)
            << name << " " << layers << " " << readout;
}

// Behind it the mean is off by O(1/width), here well below a standard error.
TEST(EmpiricalKernel, mean_over_starts_of_a_wide_deep_network_is_near_the_analytic_kernel) {
  for (const char* name : {"relu", "tanh", "erf"}) {
    const auto architecture =
        make_architecture("fc:250, fc:250:bias=random:sigma_b=0.5", "dense", name, dimension);
    EXPECT_LT(largest_z_score(architecture, 40), 4.5) << name;
  }
}

}  // namespace
}  // namespace ntkflow
