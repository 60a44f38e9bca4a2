// The mean terms of residual layers: the mean of finite networks' K_0 is the analytic kernel with
// them, and not without.

#include "recursion.hpp"
#include "support/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

constexpr int draws = 30;

struct MonteCarlo {
  Matrix mean, standard_error;

  double largest_z_score(const Matrix& exact) const {
    return ((mean - exact).array() / standard_error.array()).abs().maxCoeff();
  }
};

// K_0 over starts from different seeds.
MonteCarlo mean_of_starts(const Architecture& architecture, const Matrix& x) {
  const Network network(architecture, Start::standard);
  Matrix sum = Matrix::Zero(x.cols(), x.cols()), squares = sum;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    const Vector theta = network.initial_parameters(seed, {0, network.parameter_count()});
    const Matrix k = kernel_matrix(*make_empirical_kernel(network, span_of(theta)), x, x);
    sum += k;
    squares += k.cwiseProduct(k);
  }
  const Matrix mean = sum / draws;
  const Matrix variance = (squares / draws - mean.cwiseProduct(mean)) / (draws - 1);
  return {mean, variance.cwiseSqrt()};
}

// What the width changes in the mean, O(1/width), is far below a standard error of so few draws,
// O(1/sqrt(width draws)).
void expect_the_mean_terms(std::string_view activation_name, std::string_view layers,
                           const char* readout, const SampleShape& input) {
  const auto architecture = make_architecture(layers, readout, activation_name, input);
  const Matrix x = normal_points(input.size(), 3);
  const MonteCarlo drawn = mean_of_starts(architecture, x);

  const Matrix analytic =
      kernel_matrix(*make_analytic_kernel(architecture, AnalyticKind::ntk), x, x);
  const Matrix without = Recursion(architecture, x, Recursion::Means::dropped).ntk();

  EXPECT_LT(drawn.largest_z_score(analytic), 3.0) << layers;
  EXPECT_GT(drawn.largest_z_score(without), 6.0) << layers;
}

TEST(ResidualMeans, of_dense_networks_are_in_the_mean_of_finite_ones) {
  for (const char* name : {"relu", "gelu", "softplus"})
    expect_the_mean_terms(name, "fc:400, residual:400, residual:400", "dense",
                          SampleShape::vector(4));
}

TEST(ResidualMeans, of_convolutional_networks_are_in_the_mean_of_finite_ones) {
  for (const char* name : {"relu", "gelu", "softplus"})
    expect_the_mean_terms(name, "conv:150:3, residual:150:3, residual:150:3", "average", {{5}, 2});
}

}  // namespace
}  // namespace ntkflow
