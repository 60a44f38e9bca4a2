// The README's worked example: the activation exp(-z^2 / 2), written as it says.
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/network/activation.hpp"
#include "support/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

TEST(AddActivation, has_the_value_and_the_derivative) {
  const double z = 0.7, h = 1e-5;
  double value = 0, derivative = 0, above = 0, below = 0;
  const Activation& gaussian = activation("gaussian");

  gaussian.value_and_derivative(&z, 1, &value, &derivative);

  EXPECT_NEAR(value, std::exp(-z * z / 2), 1e-15);
  const double right = z + h, left = z - h;
  gaussian.value(&right, 1, &above);
  gaussian.value(&left, 1, &below);
  EXPECT_NEAR(derivative, (above - below) / (2 * h), 1e-9);
}

// E[omega(u) omega(v)] = det^(-1/2) and E[omega'(u) omega'(v)] = c det^(-3/2) with
// det = (1 + q)(1 + q') - c^2, so that a network with one hidden layer has the kernels below.
TEST(AddActivation, has_the_limit_kernels) {
  const Index d = 3;
  const Architecture network = make_architecture("fc:8", "dense", "gaussian", d);
  const Matrix points = normal_points(d, 5);
  const Matrix c = points.transpose() * points / d;
  const Matrix det =
      (1 + c.diagonal().array()).matrix() * (1 + c.diagonal().array()).matrix().transpose() -
      c.cwiseAbs2();

  const Matrix nngp =
      kernel_matrix(*make_analytic_kernel(network, AnalyticKind::nngp), points, points);
  const Matrix ntk =
      kernel_matrix(*make_analytic_kernel(network, AnalyticKind::ntk), points, points);

  const Matrix value = det.array().pow(-0.5);
  const Matrix slope = c.array() * det.array().pow(-1.5);
  EXPECT_LT((nngp - value).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_LT((ntk - value - c.cwiseProduct(slope)).cwiseAbs().maxCoeff(), 1e-12);
}

}  // namespace
}  // namespace ntkflow
