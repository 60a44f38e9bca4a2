#include "ntkflow/input/gauss_legendre.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

TEST(GaussLegendre, integrates_polynomials_up_to_its_degree) {
  for (Index order = 1; order <= 40; ++order) {
    const GaussRule rule = gauss_legendre(order);
    for (Index degree = 0; degree < 2 * order; ++degree) {
      double sum = 0;
      for (Index i = 0; i < order; ++i)
        sum += rule.weights[i] * std::pow(rule.nodes[i], static_cast<double>(degree));
      const double exact = degree % 2 == 0 ? 2.0 / static_cast<double>(degree + 1) : 0.0;
      EXPECT_NEAR(sum, exact, 2e-14) << "order " << order << " degree " << degree;
    }
  }
}

TEST(GaussLegendre, is_not_exact_one_degree_further) {
  const GaussRule rule = gauss_legendre(3);

  EXPECT_GT(std::abs((rule.weights.array() * rule.nodes.array().pow(6)).sum() - 2.0 / 7), 1e-2);
}

TEST(GaussLegendre, nodes_ascend_within_the_interval_and_weights_are_positive) {
  for (const Index order : {1, 2, 17, 200}) {
    const GaussRule rule = gauss_legendre(order);
    for (Index i = 0; i < order; ++i) {
      EXPECT_LT(i > 0 ? rule.nodes[i - 1] : -1.0, rule.nodes[i]);
      EXPECT_LT(rule.nodes[i], 1.0);
      EXPECT_GT(rule.weights[i], 0.0);
      EXPECT_EQ(rule.nodes[i], -rule.nodes[order - 1 - i]);
    }
  }
}

}  // namespace
}  // namespace ntkflow
