#include "ntkflow/config/assumptions.hpp"

#include "config/jobs.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

std::vector<std::string> unmet(const std::string& keys) {
  return unmet_assumptions(circle_with(keys));
}

void expect_only(const std::string& keys, const std::string& part) {
  const std::vector<std::string> sentences = unmet(keys);
  ASSERT_EQ(sentences.size(), 1U) << keys;
  EXPECT_NE(sentences[0].find(part), std::string::npos) << sentences[0];
}

TEST(Assumptions, the_plain_circle_job_meets_all) {
  EXPECT_TRUE(unmet("").empty());
}

TEST(Assumptions, each_departure_is_named_alone) {
  expect_only("[network]\nactivation = relu\n", "relu has a kink");
  expect_only("[network]\nlayers = fc:8, fc:8:activation=relu\n", "relu has a kink");
  expect_only("[network]\nsigma_w = 1.4\n", "sigma_w is not 1");
  expect_only("[network]\nfan = one\n", "fan = one");
  expect_only("[network]\nbias = zero\nsigma_b = 1\n", "has biases");
  expect_only("[network]\nreadout = dense:init=signs\n", "random signs");
  expect_only("[network]\nweights = t.h5:/theta\n", "read from a file");
  expect_only("[network]\nstart = standard\n", "f(.; theta_0) is not 0");
  expect_only("[network]\nstart = centred\n", "by subtracting f(.; theta_0)");
  expect_only("[network]\nreadout = dense:trained=no\n", "not trained");
  expect_only("[flow]\nintegrator = gradient_descent\nstep = 1\n", "finite steps");
}

TEST(Assumptions, what_leaves_the_theorem_alone_is_not_named) {
  EXPECT_TRUE(unmet("[network]\nfan = fan_in\nactivation = erf\ntrained = weights\n").empty());
  EXPECT_TRUE(
      unmet("[input]\nscale = 3\ndensity = piecewise\nedges = 0,1\nweights = 1,2\n").empty());
}

TEST(Assumptions, data_that_are_not_drawn_from_rho_are_named) {
  EXPECT_EQ(unmet_assumptions(parse_job(dataset_job, "a.ini")).size(), 1U);
  EXPECT_EQ(unmet_assumptions(parse_job(points_job, "a.ini")).size(), 1U);
}

}  // namespace
}  // namespace ntkflow
