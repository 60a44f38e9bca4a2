#include "ntkflow/spectrum/hemispheres.hpp"

#include "ntkflow/spectrum/funk_hecke.hpp"
#include "spectrum/networks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ntkflow {
namespace {

constexpr Index degrees = 60;

Vector zonal() {
  const auto kernel = first_layer_ntk(3);
  return zonal_eigenvalues({*kernel, 3, 1.0}, degrees);
}

TEST(HemisphereFlow, of_a_uniform_density_has_the_zonal_spectrum) {
  const Vector known = zonal();
  for (const Index order : {0, 1, 5}) {
    const HemisphereFlow flow(known, SphereDensity{3, 1.0}, order);

    const Vector expected = known.tail(degrees - order);
    EXPECT_LT((flow.eigenvalues() - expected).norm(), 1e-14);
    for (const Index region : {0, 1}) {
      EXPECT_NEAR(flow.relative_rms(7, region, 0), 1, 1e-12);
      EXPECT_NEAR(flow.relative_rms(7, region, 1 / known[7]), std::exp(-1.0), 1e-12);
      EXPECT_NEAR(flow.convergence_time(7, region, 0.3) * known[7], -std::log(0.3), 1e-9);
    }
  }
}

TEST(HemisphereFlow, of_all_orders_has_the_operator_s_trace) {
  // sum over orders and degrees below n of Lambda P: the zonal eigenvalues with multiplicity, since
  // the density has mean 1 and P's diagonal is 1.
  const Vector known = zonal();
  const SphereDensity density{3, 3.0};

  double sum = HemisphereFlow(known, density, 0).eigenvalues().sum();
  for (Index order = 1; order < degrees; ++order)
    sum += 2 * HemisphereFlow(known, density, order).eigenvalues().sum();

  double expected = 0;
  for (Index l = 0; l < degrees; ++l) expected += static_cast<double>(2 * l + 1) * known[l];
  EXPECT_NEAR(sum, expected, 1e-11);
}

TEST(HemisphereFlow, never_learns_what_the_kernel_does_not_have) {
  const auto kernel = relu_ntk("fc:8", "dense", 3);
  const Vector known = zonal_eigenvalues({*kernel, 3, 1.0}, degrees);

  EXPECT_TRUE(std::isnan(HemisphereFlow(known, {3, 2.0}, 1).convergence_time(5, 0, 0.3)));
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

// The protocol of Basri et al. 2020 in infinite data; their samples gave 1.76, 2.45, 2.99.
TEST(HemisphereFlow, learns_the_dense_half_first_by_ratios_and_powers_that_are_known) {
  const Vector known = zonal();
  const std::vector<std::pair<double, double>> ratios = {{2, 1.83}, {3, 2.65}, {4, 3.45}};
  for (const auto& [density, expected] : ratios) {
    std::vector<HemisphereFlow> flows;
    for (Index m = 0; m <= 12; ++m) flows.emplace_back(known, SphereDensity{3, density}, m);
    std::vector<double> quotients, log_degree, log_time;
    for (Index kappa = 2; kappa <= 12; ++kappa) {
      std::vector<double> sparse;
      for (Index m = 0; m <= kappa; ++m) {
        if (m > 1 && m != kappa / 2 && m != kappa) continue;
        const HemisphereFlow& flow = flows[static_cast<std::size_t>(m)];
        sparse.push_back(flow.convergence_time(kappa, 0, 0.3));
        quotients.push_back(sparse.back() / flow.convergence_time(kappa, 1, 0.3));
      }
      log_degree.push_back(std::log(static_cast<double>(kappa)));
      log_time.push_back(std::log(median(sparse)));
    }

    EXPECT_NEAR(median(quotients) / expected, 1, 0.03);
    const double exponent = (log_time[10] - log_time[4]) / (log_degree[10] - log_degree[4]);
    EXPECT_NEAR(exponent, 3, 0.15);
  }
}

}  // namespace
}  // namespace ntkflow
