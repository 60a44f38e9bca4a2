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

TEST(MeanKernel, of_a_lower_triangle_is_the_mean_of_theirs) {
  const Network network(make_architecture("fc:9, fc:7", "dense", "tanh", 3), Start::standard);
  // More points than the narrowest rectangle has columns, so that some entries are left out.
  const Index n = 300;
  const Matrix points = normal_points(3, n, 1);
  std::vector<std::unique_ptr<Kernel>> draws;
  Matrix expected = Matrix::Zero(n, n);
  for (const std::uint64_t seed : {1, 2}) {
    draws.push_back(draw(network, seed));
    expected += kernel_matrix(*draws.back(), points, points) / 2;
  }
  const auto mean = make_mean_kernel(std::move(draws));
  const auto features = mean->prepare(points);
  IndexList first_rows;
  for (Index j = 0; j < n; ++j) first_rows.push_back(j);
  Matrix found(n, n);

  mean->lower_tile(*features, *features, first_rows, found);

  EXPECT_TRUE(found.allFinite());
  EXPECT_EQ(found(0, n - 1), 0.0) << "computed above the diagonal";
  const Matrix difference = (found - expected).triangularView<Eigen::Lower>();
  EXPECT_LT(difference.norm(), 1e-14 * expected.norm());
}

}  // namespace
}  // namespace ntkflow
