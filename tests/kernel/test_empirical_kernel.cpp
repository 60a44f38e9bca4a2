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
  SampleShape input = SampleShape::vector(dimension);
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
    {"fc:5, residual:5", "dense", "gelu"},
    // One filter's gradient is smaller than its signals, ...
    {"conv:3:3, conv:4:3:circular:bias=random:sigma_b=0.5", "flatten", "tanh", {{12}, 2}},
    {"conv:3:3x3:bias=zero:sigma_b=1, residual:3:1x3", "average", "softplus", {{5, 6}, 1}},
    {"conv:3:3x3:bias=zero:sigma_b=1:trained=bias, conv:3:3x1:trained=weights",
     "flatten:norm=channels:bias=zero:sigma_b=2",
     "tanh",
     {{5, 6}, 1}},
    // ... larger, ...
    {"conv:20:5x5:bias=random:sigma_b=0.3, conv:30:3x3:circular", "average", "sin", {{3, 4}, 1}},
    // ... and so large that pairs of positions are cheaper.
    {"conv:40:3:bias=random:sigma_b=0.3, conv:50:3:circular:bias=zero:sigma_b=0.4",
     "flatten",
     "swish",
     {{2}, 1}},
    {"conv:6:3x3, maxpool:2x2, conv:4:3x3, avgpool:2x2, flatten, fc:7",
     "dense",
     "tanh",
     {{8, 8}, 1}},
};

Network make_network(const Case& c, Start start) {
  return Network(make_architecture(c.layers, c.readout, c.activation, c.input), start);
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
  for (const Case& c : cases)
    for (const Start start : {Start::standard, Start::antisymmetric}) {
      const Matrix x = normal_points(c.input.size(), 6);
      const Matrix z = normal_points(c.input.size(), 5, 3);
      const Network network = make_network(c, start);
      const Vector theta = random_parameters(network);

      const Matrix k = kernel_matrix(*make_empirical_kernel(network, span_of(theta)), x, z);

      const Matrix expected = jacobian(network, theta, x) * jacobian(network, theta, z).transpose();
      EXPECT_LE((k - expected).norm(), 1e-13 * expected.norm()) << c.layers;
    }
}

TEST(EmpiricalKernel, of_points_with_themselves_is_symmetric_and_the_same) {
  for (const Case& c : cases) {
    const Network network = make_network(c, Start::antisymmetric);
    const Vector theta = random_parameters(network);
    const auto kernel = make_empirical_kernel(network, span_of(theta));
    const Matrix x = normal_points(c.input.size(), 7);
    const auto points = kernel->prepare(x);

    Matrix k(7, 7);
    kernel->tile(*points, *points, k);

    EXPECT_EQ(k, k.transpose()) << c.layers;
    const Matrix expected = kernel_matrix(*kernel, x, x);
    EXPECT_LE((k - expected).norm(), 1e-14 * expected.norm()) << c.layers;
  }
}

TEST(EmpiricalKernel, of_equal_halves_is_the_jacobian_times_its_transpose) {
  for (const Case& c : cases) {
    const Network network = make_network(c, Start::antisymmetric);
    Vector theta = random_parameters(network);
    theta.tail(theta.size() / 2) = theta.head(theta.size() / 2);
    const Matrix x = normal_points(c.input.size(), 6);

    const Matrix k = kernel_matrix(*make_empirical_kernel(network, span_of(theta)), x, x);

    const Matrix j = jacobian(network, theta, x);
    EXPECT_LE((k - j * j.transpose()).norm(), 1e-13 * k.norm()) << c.layers;
  }
}

TEST(EmpiricalKernel, lower_tiles_are_parts_of_whole_ones) {
  for (const Case& c : cases) {
    const Network network = make_network(c, Start::antisymmetric);
    const Vector theta = random_parameters(network);
    const auto kernel = make_empirical_kernel(network, span_of(theta));

    EXPECT_LE(lower_tile_error(*kernel, normal_points(c.input.size(), 130)), 1e-13) << c.layers;
  }
}

TEST(EmpiricalKernel, blocks_of_a_tile_do_not_show) {
  const Network network = make_network(cases[3], Start::antisymmetric);
  const Vector theta = random_parameters(network);
  const auto kernel = make_empirical_kernel(network, span_of(theta));
  const Matrix x = normal_points(dimension, 520);
  const Matrix z = normal_points(dimension, 500, 3);
  const auto points = kernel->prepare(x);

  const Matrix k = kernel_matrix(*kernel, x, z);
  Matrix symmetric(520, 520);
  kernel->tile(*points, *points, symmetric);

  for (const auto& [i, j] : {std::pair<Index, Index>{0, 0},
                             {255, 191},
                             {256, 192},
                             {383, 383},
                             {384, 384},
                             {519, 499}}) {
    const Matrix one = kernel_matrix(*kernel, x.col(i), z.col(j));
    EXPECT_NEAR(k(i, j), one(0, 0), 1e-13 * k.cwiseAbs().maxCoeff());
    const Matrix of_x = kernel_matrix(*kernel, x.col(i), x.col(j));
    EXPECT_NEAR(symmetric(i, j), of_x(0, 0), 1e-13 * symmetric.cwiseAbs().maxCoeff());
  }
}

TEST(EmpiricalKernel, blocks_of_a_convolution_do_not_show) {
  const Case c = {"conv:60:3x3, conv:40:3x3", "average", "relu", {{10, 9}, 1}};
  const Network network = make_network(c, Start::standard);
  const Vector theta = random_parameters(network);
  const auto kernel = make_empirical_kernel(network, span_of(theta));
  const Index last = 2 * network.samples_a_block();
  const Matrix x = normal_points(c.input.size(), last + 1);

  const Matrix k = kernel_matrix(*kernel, x, x);

  for (const auto& [i, j] : {std::pair<Index, Index>{0, 0}, {last / 2, last}, {last, 1}}) {
    const Matrix one = kernel_matrix(*kernel, x.col(i), x.col(j));
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
