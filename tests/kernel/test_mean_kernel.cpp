#include "ntkflow/kernel/mean_kernel.hpp"

#include "support/kernels.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

std::unique_ptr<Kernel> draw(const Network& network, std::uint64_t seed) {
  const Vector theta = network.initial_parameters(seed, {0, network.parameter_count()});
  return make_empirical_kernel(network, span_of(theta));
}

TEST(MeanKernel, is_the_mean_of_its_kernels) {
  const Network network(make_architecture("fc:9, fc:7", "dense", "tanh", 3), Start::standard);
  const Matrix rows = normal_points(3, 5, 1), columns = normal_points(3, 4, 2);
  std::vector<std::unique_ptr<Kernel>> draws;
  Matrix expected = Matrix::Zero(5, 4);
  for (const std::uint64_t seed : {1, 2, 3}) {
    draws.push_back(draw(network, seed));
    expected += kernel_matrix(*draws.back(), rows, columns) / 3;
  }

  const auto mean = make_mean_kernel(std::move(draws));

  EXPECT_LT((kernel_matrix(*mean, rows, columns) - expected).norm(), 1e-14 * expected.norm());
  EXPECT_EQ(mean->prepare(rows)->count(), 5);
}

}  // namespace
}  // namespace ntkflow
