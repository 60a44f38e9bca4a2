// Analytic kernels of every kind of network against the recursion written out.

#include "kernel/recursion.hpp"

#include "ntkflow/base/error.hpp"
#include "support/kernels.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ntkflow {
namespace {

struct Case {
  std::string layers;
  std::string readout;
  SampleShape input;
};

double largest(const Matrix& m) {
  return m.cwiseAbs().maxCoeff();
}

Architecture architecture_of(const Case& c) {
  return make_architecture(c.layers, c.readout, "relu", c.input);
}

Matrix kernel_of(const Case& c, AnalyticKind kind, const Matrix& rows, const Matrix& columns) {
  return kernel_matrix(*make_analytic_kernel(architecture_of(c), kind), rows, columns);
}

// Three samples; the last has a zero at some positions, as an image's background.
Matrix samples(const SampleShape& shape) {
  Matrix x = normal_points(shape.size(), 3);
  x.col(2).head((shape.size() + 1) / 2).setZero();
  return x;
}

void expect_recursion(const Case& c, const Matrix& x) {
  SCOPED_TRACE(c.layers + " | " + c.readout);
  const Architecture architecture = architecture_of(c);
  const Recursion expected(architecture, x);

  const Matrix ntk = kernel_of(c, AnalyticKind::ntk, x, x);
  const Matrix nngp = kernel_of(c, AnalyticKind::nngp, x, x);

  // The recursion's own arccos loses 1e-8 of a diagonal entry's slope.
  const bool has_kink = c.layers.find("activation") == std::string::npos;
  const double tolerance = has_kink ? 1e-8 : 1e-11;
  EXPECT_LE(largest(ntk - expected.ntk()), tolerance * largest(ntk));
  EXPECT_LE(largest(nngp - expected.nngp()), 1e-11 * largest(nngp));
}

void expect_recursion(const Case& c) {
  expect_recursion(c, samples(c.input));
}

const SampleShape sequence = {{5}, 2};
const SampleShape image = {{4, 2}, 3};
const SampleShape gray = {{4, 4}, 1};

TEST(NetworkKernels, of_convolutions_follow_the_recursion) {
  for (const std::string readout : {"flatten", "flatten:norm=channels", "average"})
    for (const std::string border : {"", ":circular"}) {
      expect_recursion({"conv:8:3" + border + ", conv:8:3", readout, sequence});
      expect_recursion({"conv:8:3x3, conv:8:1x3" + border, readout, image});
      expect_recursion({"conv:8:5" + border + ":activation=gelu, conv:8:1:activation=softplus",
                        readout, sequence});
      expect_recursion({"conv:8:3x1:activation=sin:bias=random:sigma_b=0.3, conv:8:3x3" + border +
                            ":activation=tanh:fan=fan_in:bias=zero:sigma_b=0.7:trained=bias",
                        readout + ":sigma_w=1.3:bias=random:sigma_b=0.2", image});
    }
}

// Grey images without negative numbers are proportional at every position, but not equal.
TEST(NetworkKernels, of_positive_images_follow_the_recursion) {
  Matrix x = samples(gray).cwiseAbs();
  x.conservativeResize(Eigen::NoChange, 4);
  x.col(3) = x.col(2);
  for (const std::string readout : {"flatten", "average"})
    for (const std::string layers :
         {"conv:8:3x3, conv:8:3x3", "conv:8:3x3, avgpool:2x2, conv:8:3x3"})
      expect_recursion({layers, readout, gray}, x);
}

TEST(NetworkKernels, of_residual_networks_follow_the_recursion) {
  for (const std::string omega :
       {"relu", "leaky_relu:0.2", "abs", "gelu", "softplus", "swish", "cos", "sigmoid", "erf"}) {
    const std::string act = ":activation=" + omega;
    const std::string bias = omega == "gelu" ? ":bias=random:sigma_b=0.5" : "";
    const double kink = activation(omega).slopes() ? 1e-8 : 1e-11;
    const Case c = {"fc:8" + act + ", residual:8" + act + bias + ", residual:8" + act, "dense",
                    SampleShape::vector(5)};
    const Matrix x = samples(c.input);
    const Architecture architecture = architecture_of(c);
    const Recursion expected(architecture, x);
    const Recursion without(architecture, x, Recursion::Means::dropped);

    const Matrix ntk = kernel_of(c, AnalyticKind::ntk, x, x);

    EXPECT_LE(largest(ntk - expected.ntk()), kink * largest(ntk)) << omega;
    if (activation(omega).parity() != Parity::odd) {
      EXPECT_GE(largest(ntk - without.ntk()), 0.02 * largest(ntk)) << omega;
    }
  }
}

TEST(NetworkKernels, of_residual_convolutions_follow_the_recursion) {
  for (const std::string readout : {"flatten", "average"})
    expect_recursion({"conv:8:3, residual:8:3:circular, residual:8:3:bias=random:sigma_b=0.4",
                      readout, sequence});
}

TEST(NetworkKernels, of_pooled_and_flattened_networks_follow_the_recursion) {
  expect_recursion({"conv:8:3x3, avgpool:2x2, conv:8:3x3", "flatten", gray});
  expect_recursion({"conv:8:3x3, avgpool:2x2, conv:8:3x3:circular", "average", gray});
  expect_recursion({"conv:8:3x3, avgpool:2x1, residual:8:3x3, avgpool:2x2", "flatten", gray});
  expect_recursion({"avgpool:2x2, conv:8:3x3, avgpool:2x2, flatten, fc:8", "dense", gray});
  expect_recursion({"conv:8:3x3, flatten, fc:8, residual:8", "dense", image});
  expect_recursion({"conv:2:3x3, residual:2:3x3:activation=softplus, flatten, residual:" +
                        std::to_string(2 * image.positions()) + ", fc:8",
                    "dense", image});
  expect_recursion({"flatten, fc:8, fc:8", "dense:bias=zero:sigma_b=2", image});
  expect_recursion({"fc:8, fc:8", "dense", image});
}

// Without bias a ReLU network is homogeneous: entry by entry, whatever the layers.
TEST(NetworkKernels, of_relu_networks_are_exact_for_proportional_points) {
  const std::vector<Case> cases = {
      {"conv:8:3, conv:8:3, conv:8:3", "flatten", {{6}, 2}},
      {"conv:8:3x3:circular, conv:8:3x3", "average", {{4, 3}, 2}},
      {"conv:8:3x3, residual:8:3x3, residual:8:3x3", "flatten", gray},
      {"conv:8:3x3, avgpool:2x2, conv:8:3x3", "flatten", gray},
      {"conv:8:3x3, flatten, fc:8, residual:8", "dense", gray},
      {"fc:8, residual:8, residual:8:activation=leaky_relu:0.2", "dense", SampleShape::vector(5)},
  };
  for (const Case& c : cases) {
    const Matrix x = samples(c.input);
    const Matrix k = kernel_of(c, AnalyticKind::ntk, x, x);
    for (const double factor : {3.0, 1.0 + 1e-9, 1e-3}) {
      const Matrix scaled = kernel_of(c, AnalyticKind::ntk, x, factor * x) / factor;

      for (Index i = 0; i < x.cols(); ++i)
        for (Index j = 0; j < x.cols(); ++j)
          EXPECT_NEAR(scaled(i, j), k(i, j), 1e-13 * std::abs(k(i, j)))
              << c.layers << " factor " << factor << " entry " << i << ", " << j;
    }
  }
}

// The kink of ReLU makes the kernel fall linearly with a small distance, far below the rounding of a
// correlation, which knows only its square.
TEST(NetworkKernels, of_relu_networks_see_the_smallest_distances) {
  const Case c = {"conv:8:3x3, conv:8:3x3", "flatten", gray};
  const Matrix x = samples(c.input), z = normal_points(c.input.size(), 6).rightCols(3);
  const Matrix there = kernel_of(c, AnalyticKind::ntk, x, x);
  const auto fall = [&](double distance) -> Vector {
    const Matrix beside = kernel_of(c, AnalyticKind::ntk, x, x + distance * z);
    const Matrix norms = kernel_of(c, AnalyticKind::ntk, x + distance * z, x + distance * z);
    return (there.diagonal().cwiseProduct(norms.diagonal()).cwiseSqrt() - beside.diagonal()) /
           distance;
  };

  const Vector expected = fall(1e-5);

  for (const double distance : {1e-7, 1e-9})
    EXPECT_LE((fall(distance) - expected).cwiseAbs().maxCoeff(), 1e-3 * expected.minCoeff())
        << distance;
}

TEST(NetworkKernels, of_one_relu_convolution_vanish_at_opposite_points) {
  for (const Index channels : {1, 3}) {
    const Case c = {"conv:8:3x3", "flatten", {{4, 4}, channels}};
    const Matrix x = samples(c.input);

    const Matrix k = kernel_of(c, AnalyticKind::ntk, x, -x);

    for (Index i = 0; i < x.cols(); ++i) EXPECT_LE(std::abs(k(i, i)), 1e-15);
  }
}

TEST(NetworkKernels, are_finite_at_zero_images) {
  for (const std::string omega : {"relu", "abs", "gelu", "softplus", "tanh", "sin"})
    for (const std::string readout : {"flatten", "average"}) {
      const Case c = {
          "conv:8:3x3:activation=" + omega + ", avgpool:2x2, residual:8:3x3:activation=" + omega,
          readout, gray};
      Matrix x = samples(c.input);
      x.col(1).setZero();

      EXPECT_TRUE(kernel_of(c, AnalyticKind::ntk, x, x).allFinite()) << omega << readout;
    }
}

TEST(NetworkKernels, tiles_do_not_depend_on_what_else_is_in_them) {
  const Case c = {"conv:8:3x3, conv:8:3x3:activation=tanh", "flatten", gray};
  const Matrix x = normal_points(16, 40);
  const Matrix whole = kernel_of(c, AnalyticKind::ntk, x, x);

  for (const Index first : {0, 5, 20})
    for (const Index count : {1, 17}) {
      const Matrix part =
          kernel_of(c, AnalyticKind::ntk, x.middleCols(first, count), x.leftCols(3));
      EXPECT_LE(largest(part - whole.block(first, 0, count, 3)), 1e-13 * largest(whole));
    }
}

TEST(NetworkKernels, refuse_max_pooling_with_the_reason) {
  try {
    make_analytic_kernel(architecture_of({"conv:8:3x3, maxpool:2x2", "flatten", gray}),
                         AnalyticKind::ntk);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("layer 2: max pooling has no analytic kernel"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace ntkflow
