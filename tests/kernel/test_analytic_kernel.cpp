#include "support/kernels.hpp"

#include "ntkflow/base/error.hpp"

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

namespace ntkflow {
namespace {

using Long = long double;
constexpr Long pi = std::numbers::pi_v<Long>;

Matrix ntk(const Architecture& architecture, const Matrix& points) {
  return kernel_matrix(*make_analytic_kernel(architecture, AnalyticKind::ntk), points, points);
}

Matrix nngp(const Architecture& architecture, const Matrix& points) {
  return kernel_matrix(*make_analytic_kernel(architecture, AnalyticKind::nngp), points, points);
}

double largest(const Matrix& m) {
  return m.cwiseAbs().maxCoeff();
}

// ---- the recursion in extended precision, for one pair ------------------

struct Duals {
  Long value, slope;
};

Duals exact_dual(std::string_view name, Long q, Long q_prime, Long c) {
  if (name == "relu") {
    const Long sine = std::sqrt(std::max(q * q_prime - c * c, 0.0L));
    const Long slope = q > 0 && q_prime > 0 ? 0.5L - std::atan2(sine, c) / (2 * pi) : 0.0L;
    return {sine / (2 * pi) + c * slope, slope};
  }
  const Long root = std::sqrt((1 + 2 * q) * (1 + 2 * q_prime) - 4 * c * c);
  return {2 / pi * std::atan2(2 * c, root), 4 / (pi * root)};
}

struct Kernels {
  Long ntk, nngp;
};

Kernels exact_kernels(const Architecture& architecture, const Vector& x, const Vector& z) {
  const auto dot = [&](const Vector& a, const Vector& b) {
    Long sum = 0;
    for (Index i = 0; i < a.size(); ++i) sum += static_cast<Long>(a[i]) * b[i];
    return sum / a.size();
  };
  Long xx = dot(x, x), zz = dot(z, z), xz = dot(x, z), tangent = 0;
  const auto affine = [&](const ParameterSpec& spec, Long fan_gain) {
    const Long s = static_cast<Long>(spec.sigma_w) * spec.sigma_w * fan_gain;
    const Long b = static_cast<Long>(spec.sigma_b) * spec.sigma_b;
    const Long variance = spec.bias == Bias::random ? b : 0.0L;
    const Long trained_bias = spec.bias_trained && spec.bias != Bias::none ? b : 0.0L;
    tangent = (spec.weights_trained ? s * xz : 0.0L) + trained_bias + s * tangent;
    xx = s * xx + variance;
    zz = s * zz + variance;
    xz = s * xz + variance;
  };
  for (const Layer& layer : architecture.layers) {
    affine(layer.parameters, layer.fan == Fan::one ? x.size() : 1);
    const auto name = layer.activation->name();
    const Duals dual = exact_dual(name, xx, zz, xz);
    xx = exact_dual(name, xx, xx, xx).value;
    zz = exact_dual(name, zz, zz, zz).value;
    xz = dual.value;
    tangent *= dual.slope;
  }
  affine(architecture.readout.parameters, 1);
  return {tangent, xz};
}

void expect_exact(const Architecture& architecture, const Matrix& points) {
  const Matrix tangent = ntk(architecture, points);
  const Matrix covariance = nngp(architecture, points);
  for (Index j = 0; j < points.cols(); ++j)
    for (Index i = 0; i < points.cols(); ++i) {
      const Kernels exact = exact_kernels(architecture, points.col(i), points.col(j));
      EXPECT_NEAR(tangent(i, j), static_cast<double>(exact.ntk), 1e-13 * largest(tangent))
          << i << ", " << j;
      EXPECT_NEAR(covariance(i, j), static_cast<double>(exact.nngp), 1e-13 * largest(covariance))
          << i << ", " << j;
    }
}

// Random points, then a duplicate, an antipode, a near duplicate, a multiple and zero.
Matrix edge_points() {
  Matrix x = normal_points(5, 9);
  x.col(4) = x.col(0);
  x.col(5) = -x.col(1);
  x.col(6) = x.col(2) + 1e-5 * x.col(3);
  x.col(7) = 3.0 * x.col(3);
  x.col(8).setZero();
  return x;
}

struct Case {
  const char* layers;
  const char* readout;
  const char* activation;
};

const Case closed_cases[] = {
    {"fc:W", "dense", "relu"},
    {"fc:W, fc:W, fc:W", "dense", "relu"},
    {"fc:W, fc:W, fc:W", "dense", "erf"},
    {"fc:W:sigma_w=1.4:sigma_b=0.3:bias=random, fc:W:sigma_w=1.4:sigma_b=0.3:bias=random",
     "dense:sigma_w=1.4:sigma_b=0.3:bias=random", "relu"},
    {"fc:W, fc:W:bias=random:sigma_b=0.01, fc:W:bias=zero:sigma_b=0.5:sigma_w=2", "dense", "relu"},
    {"fc:W:fan=one, fc:W:sigma_w=1.467", "dense:sigma_w=1.467:bias=zero:sigma_b=2", "erf"},
    {"fc:W, fc:W:trained=no", "dense:trained=no", "erf"},
    {"fc:W:trained=weights:bias=random:sigma_b=1, fc:W:trained=bias:bias=zero:sigma_b=1",
     "dense:trained=no", "relu"},
    {"fc:W:activation=relu, fc:W:bias=random:sigma_b=0.2", "dense", "erf"},
    {"fc:W:activation=erf, fc:W, fc:W:activation=erf", "dense", "relu"},
};

TEST(AnalyticKernel, follows_the_recursion) {
  for (const Case& c : closed_cases) {
    SCOPED_TRACE(c.layers);
    expect_exact(make_architecture(c.layers, c.readout, c.activation, 5), edge_points());
  }
}

TEST(AnalyticKernel, is_symmetric_and_positive) {
  for (const char* name : {"relu", "tanh", "erf"}) {
    const Matrix k = ntk(make_architecture("fc:W, fc:W, fc:W", "dense", name, 5), edge_points());

    EXPECT_LE(largest(k - k.transpose()), 1e-14 * largest(k)) << name;
    const Vector eigenvalues = Eigen::SelfAdjointEigenSolver<Matrix>(k).eigenvalues();
    EXPECT_GE(eigenvalues[0], -1e-13 * largest(k)) << name;
  }
}

TEST(AnalyticKernel, tiles_agree_whatever_they_were_prepared_with) {
  // Very different norms, so that the batches choose different numbers of series terms.
  Matrix x = normal_points(4, 290);
  for (Index j = 0; j < x.cols(); ++j)
    x.col(j) *= std::pow(10.0, -2.0 + 2.4 * static_cast<double>(j % 7) / 6.0);
  for (const char* name : {"relu", "tanh", "erf"}) {
    const auto kernel =
        make_analytic_kernel(make_architecture("fc:W, fc:W", "dense", name, 4), AnalyticKind::ntk);
    const Matrix whole = kernel_matrix(*kernel, x, x.leftCols(12));

    for (const Index count : {1, 33, 283})
      for (const Index first : {0, 7}) {
        const Matrix part = kernel_matrix(*kernel, x.middleCols(first, count), x.leftCols(5));
        EXPECT_LE(largest(part - whole.block(first, 0, count, 5)), 1e-12 * largest(part)) << name;
      }
  }
}

TEST(AnalyticKernel, lower_tiles_are_parts_of_whole_ones) {
  const Matrix x = normal_points(12, 300);
  for (const char* name : {"relu", "tanh", "erf"}) {
    const Architecture dense = make_architecture("fc:W, fc:W", "dense", name, 12);
    EXPECT_LE(lower_tile_error(*make_analytic_kernel(dense, AnalyticKind::ntk), x), 1e-14) << name;
    const Architecture grid = make_architecture("conv:W:3", "flatten", name, {{6}, 2});
    const auto kernel = make_analytic_kernel(grid, AnalyticKind::ntk);
    EXPECT_LE(lower_tile_error(*kernel, x.leftCols(60)), 1e-14) << name;
  }
}

// ---- ReLU without bias: a function of the angle, exact entry by entry
// ----------------------------

// kappa of the NTK by a recursion on angles; theta from the unit vectors' difference and sum.
Long exact_relu_ntk(const Vector& x, const Vector& z, int depth) {
  Long xx = 0, zz = 0;
  for (Index i = 0; i < x.size(); ++i) {
    xx += static_cast<Long>(x[i]) * x[i];
    zz += static_cast<Long>(z[i]) * z[i];
  }
  if (xx == 0 || zz == 0) return 0;
  Long minus = 0, plus = 0;
  for (Index i = 0; i < x.size(); ++i) {
    const Long u = x[i] / std::sqrt(xx), v = z[i] / std::sqrt(zz);
    minus += (u - v) * (u - v);
    plus += (u + v) * (u + v);
  }
  Long t = 2 * std::atan2(std::sqrt(minus), std::sqrt(plus));
  Long cosine = std::cos(t), tangent = 0, scale = std::sqrt(xx * zz) / x.size();
  for (int l = 0; l < depth; ++l) {
    tangent = (cosine * scale + tangent) * (1 - t / pi) / 2;
    const Long gap = 2 * std::pow(std::sin(t / 2), 2) - (std::sin(t) - t * std::cos(t)) / pi;
    t = 2 * std::asin(std::sqrt(gap / 2));
    cosine = 1 - gap;
    scale /= 2;
  }
  return cosine * scale + tangent;
}

TEST(AnalyticKernel, relu_is_exact_entry_by_entry_near_equal_and_opposite_points) {
  const Matrix base = normal_points(7, 2);
  const Vector x = base.col(0), e = base.col(1);
  Matrix points(7, 12);
  points << x, 3.0 * x, -x, (1.0 + 1e-9) * x, x + 1e-9 * e, x + 1e-5 * e, x + 0.02 * e,
      x + 0.05 * e, -x + 1e-9 * e, -7.0 * x + 1e-3 * e, e, Vector::Zero(7);

  for (const int depth : {1, 2, 3, 10}) {
    std::string layers = "fc:W";
    for (int l = 1; l < depth; ++l) layers += ", fc:W";
    const Matrix k = ntk(make_architecture(layers, "dense", "relu", 7), points);

    for (Index j = 0; j < points.cols(); ++j)
      for (Index i = 0; i < points.cols(); ++i) {
        const auto exact = static_cast<double>(exact_relu_ntk(points.col(i), points.col(j), depth));
        EXPECT_NEAR(k(i, j), exact, 1e-13 * std::abs(exact) + 1e-16 * std::sqrt(k(i, i) * k(j, j)))
            << "depth " << depth << " entry " << i << ", " << j;
      }
  }
}

TEST(AnalyticKernel, relu_without_bias_is_homogeneous) {
  const Matrix x = normal_points(6, 40);
  const auto kernel =
      make_analytic_kernel(make_architecture("fc:W, fc:W", "dense", "relu", 6), AnalyticKind::ntk);

  const Matrix k = kernel_matrix(*kernel, x, x);
  const Matrix scaled = kernel_matrix(*kernel, x, 3.0 * x);

  EXPECT_LE(((scaled - 3.0 * k).array() / k.array()).abs().maxCoeff(), 1e-13);
}

// A first-layer bias is one more input coordinate, whose weights start as the bias does.
TEST(AnalyticKernel, bias_is_a_coordinate_of_the_input) {
  const Matrix base = normal_points(3, 2);
  const Vector x = base.col(0), e = base.col(1);
  for (const double sigma_b : {1e-4, 0.3, 40.0}) {
    Matrix points(3, 7);
    points << x, x + 1e-8 * e, x + 1e-4 * e, 3.0 * x, -x, -x + 1e-8 * e, Vector::Zero(3);
    Matrix augmented(4, 7);
    augmented << points, Vector::Constant(7, sigma_b).transpose();
    const std::string bias = ":bias=random:sigma_b=" + std::to_string(sigma_b);

    const Matrix k =
        ntk(make_architecture("fc:W:fan=one" + bias + ", fc:W", "dense", "relu", 3), points);
    const Matrix expected =
        ntk(make_architecture("fc:W:fan=one, fc:W", "dense", "relu", 4), augmented);

    EXPECT_LE(largest(k - expected), 1e-13 * largest(expected)) << sigma_b;
  }
}

TEST(AnalyticKernel, diagonal_equals_that_of_duplicates_in_a_mixed_network) {
  Matrix points = normal_points(4, 3);
  points.col(1) = points.col(0);
  points.col(2) = -points.col(0);
  const auto architecture = make_architecture(
      "fc:W, fc:W:activation=relu:bias=random:sigma_b=0.1, fc:W, fc:W:activation=relu", "dense",
      "tanh", 4);

  const Matrix k = ntk(architecture, points);

  EXPECT_NEAR(k(0, 1), k(0, 0), 1e-14 * k(0, 0));
  EXPECT_NEAR(k(2, 2), k(0, 0), 1e-14 * k(0, 0));
}

// tanh below ReLU: an angle of 1e-7 must be seen, not rounded away. Near equal and near opposite
// points the kernel leaves its end value linearly in the angle, so half the step is half the way.
TEST(AnalyticKernel, kink_above_a_series_sees_small_angles) {
  const Matrix base = normal_points(4, 2);
  const auto architecture = make_architecture("fc:W, fc:W:activation=relu", "dense", "tanh", 4);
  for (const double sign : {1.0, -1.0}) {
    const auto way = [&](double step) {
      Matrix points(4, 3);
      points << base.col(0), sign * base.col(0), sign * base.col(0) + step * base.col(1);
      const Matrix k = ntk(architecture, points);
      return k(0, 2) - k(0, 1) - 0.5 * sign * (k(2, 2) - k(1, 1));
    };

    EXPECT_NEAR(way(1e-6) / way(5e-7), 2.0, 1e-5) << sign;
    EXPECT_NEAR(way(1e-7) / way(5e-8), 2.0, 1e-5) << sign;
  }
}

// ---- closed forms ----------------------------------------------------------------------------

// [B20] eq 11 on the circle.
TEST(AnalyticKernel, two_layer_relu_with_zero_bias_on_the_circle_is_its_closed_form) {
  const Index n = 50;
  const Vector angle = Vector::LinSpaced(n, -3.0, 3.0);
  Matrix points(2, n);
  points << angle.transpose().array().cos(), angle.transpose().array().sin();
  const std::string scale = ":sigma_w=0.70710678118654752:sigma_b=0.70710678118654752";

  const Matrix k = ntk(
      make_architecture("fc:W:fan=one:bias=zero" + scale, "dense:init=signs:trained=no", "relu", 2),
      points);

  for (Index j = 0; j < n; ++j)
    for (Index i = 0; i < n; ++i) {
      const double difference = std::abs(angle[i] - angle[j]);
      const double wrapped = std::min(difference, 2.0 * std::numbers::pi - difference);
      const double exact =
          (std::cos(wrapped) + 1.0) * (std::numbers::pi - wrapped) / (4.0 * std::numbers::pi);
      EXPECT_NEAR(k(i, j), exact, 1e-15);
    }
}

TEST(AnalyticKernel, nngp_has_the_readout_bias_only_when_it_starts_random) {
  const Matrix x = normal_points(3, 4);
  const Matrix without = nngp(make_architecture("fc:W", "dense", "tanh", 3), x);
  const Matrix zero = nngp(make_architecture("fc:W", "dense:bias=zero:sigma_b=2", "tanh", 3), x);
  const Matrix random =
      nngp(make_architecture("fc:W", "dense:bias=random:sigma_b=2", "tanh", 3), x);

  EXPECT_EQ(zero, without);
  EXPECT_LE(largest((random - without).array() - 4.0), 1e-15 * 4.0);
}

TEST(AnalyticKernel, series_out_of_reach_is_an_error_that_names_the_variance) {
  const auto kernel = make_analytic_kernel(make_architecture("fc:W:fan=one", "dense", "tanh", 1),
                                           AnalyticKind::ntk);
  const Matrix far_out = Matrix::Constant(1, 1, 200.0);
  try {
    kernel->prepare(far_out);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("variance of 4e+04"), std::string::npos)
        << error.what();
  }
}

TEST(AnalyticKernel, series_out_of_reach_on_a_grid_are_an_error_of_the_tile) {
  const auto kernel = make_analytic_kernel(
      make_architecture("conv:W:3:fan=one", "flatten", "tanh", SampleShape{{4}, 1}),
      AnalyticKind::ntk);
  const Matrix far_out = Matrix::Constant(4, 1, 200.0);
  EXPECT_THROW(kernel_matrix(*kernel, far_out, far_out), ConfigError);
}

// So many coefficients that a tile is cut into parts.
TEST(AnalyticKernel, of_images_with_long_series_is_that_of_each_pair) {
  const Index images = 60;
  const auto kernel =
      make_analytic_kernel(make_architecture("conv:W:3x3:fan=fan_in, conv:W:3x3:fan=fan_in",
                                             "flatten", "tanh", SampleShape{{28, 28}, 1}),
                           AnalyticKind::ntk);
  const Matrix x = normal_points(28 * 28, images);
  const auto features = kernel->prepare(x);
  Matrix whole(images, images);
  kernel->tile(*features, *features, whole);
  for (const auto& [i, j] : {std::pair<Index, Index>{0, 0}, {5, 39}, {17, 16}, {53, 2}, {59, 59}})
    EXPECT_NEAR(whole(i, j), kernel_matrix(*kernel, x.col(i), x.col(j))(0, 0),
                1e-12 * whole.maxCoeff());
}

TEST(AnalyticKernel, an_empty_batch_gives_an_empty_tile) {
  for (const char* name : {"relu", "tanh", "erf"}) {
    const auto architecture = make_architecture("fc:W", "dense", name, 3);
    const Matrix k = kernel_matrix(*make_analytic_kernel(architecture, AnalyticKind::ntk),
                                   normal_points(3, 4), Matrix(3, 0));
    EXPECT_EQ(k.size(), 0);
  }
}

}  // namespace
}  // namespace ntkflow
