#include "ntkflow/network/network.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace ntkflow {
namespace {

struct Case {
  const char* layers;
  const char* readout;
  const char* activation;
  SampleShape input = SampleShape::vector(3);
};

// Every option at least once.
const Case cases[] = {
    {"fc:5", "dense", "relu"},
    {"fc:5, fc:7", "dense", "tanh"},
    {"fc:6, fc:4, fc:5", "dense:bias=random:sigma_b=0.5", "erf"},
    {"fc:6:bias=random:sigma_b=0.3, fc:4:bias=zero:sigma_b=2:sigma_w=1.5", "dense:sigma_w=2",
     "tanh"},
    {"fc:9:fan=one:bias=zero:sigma_b=1", "dense:init=signs:trained=no", "relu"},
    {"fc:4:trained=no, fc:3:bias=random:sigma_b=1:trained=bias, "
     "fc:5:bias=zero:sigma_b=1:trained=weights",
     "dense:bias=zero:sigma_b=1:trained=bias", "tanh"},
    {"fc:4:activation=relu, fc:6:activation=erf", "dense", "tanh"},
    {"fc:5, residual:5:sigma_w=2, residual:5:bias=random:sigma_b=0.4", "dense", "softplus"},
    {"conv:4:3", "flatten", "tanh", {{5}, 2}},
    {"conv:4:3:circular, residual:4:5:circular",
     "flatten:norm=channels:bias=random:sigma_b=0.3",
     "gelu",
     {{6}, 3}},
    {"conv:4:3x3:bias=random:sigma_b=0.5, conv:3:1x3",
     "average:bias=zero:sigma_b=2",
     "swish",
     {{4, 5}, 1}},
    {"conv:3:3x5:circular:fan=fan_in, residual:3:3x3:bias=zero:sigma_b=1",
     "flatten:init=signs:trained=no",
     "sigmoid",
     {{3, 4}, 2}},
    {"conv:3:3x3:trained=no, conv:4:1x1:bias=random:sigma_b=1:trained=bias",
     "average:trained=no",
     "sin",
     {{3, 3}, 2}},
    {"conv:4:5x5:circular:fan=one", "average:init=signs", "cos", {{3, 2}, 1}},
    {"conv:4:3x3, avgpool:2x2, conv:5:3x3:circular, flatten, fc:6, residual:6",
     "dense",
     "tanh",
     {{4, 6}, 2}},
    {"conv:2:3x1, residual:2:1x1, flatten, residual:12", "dense", "gelu", {{3, 2}, 2}},
    {"conv:4:3x3, maxpool:2x3, conv:3:3x1", "average", "leaky_relu:0.3", {{4, 6}, 1}},
    {"avgpool:2, conv:3:3, maxpool:2, flatten", "flatten", "erf", {{8}, 2}},
    {"flatten, fc:4:fan=one", "average", "abs", {{2, 2}, 2}},
    {"fc:4", "flatten:norm=channels", "identity", {{2, 2}, 2}},
};

Network make_network(const Case& c, Start start) {
  LayerDefaults defaults;
  defaults.activation = &activation(c.activation);
  Architecture architecture = parse_architecture(c.layers, c.readout, defaults);
  architecture.input = c.input;
  return Network(std::move(architecture), start);
}

// Test numbers: part `which` of a stream of standard normals.
Vector normals(Index count, Index which) {
  const RandomStream stream(5, RandomPurpose::test);
  Vector v(count);
  for (Index i = 0; i < count; ++i) v[i] = stream.normal(which * 1000000 + i);
  return v;
}

Matrix batch(const Case& c, Index count) {
  const Vector v = normals(c.input.size() * count, 1);
  return Eigen::Map<const Matrix>(v.data(), c.input.size(), count);
}

double scalar_activation(const Activation& omega, double z) {
  double out = 0.0;
  omega.value(&z, 1, &out);
  return out;
}

// One sample on a grid of two dimensions, of which one or both may have an extent of 1, straight
// from the definitions: [channel][position].
class NaiveSample {
 public:
  NaiveSample(const SampleShape& shape, const Vector& numbers)
      : height_(shape.extents.size() == 2 ? shape.extents[0] : 1),
        width_(shape.has_grid() ? shape.extents.back() : 1),
        numbers_(shape.channels, height_ * width_) {
    for (Index c = 0; c < shape.channels; ++c)
      for (Index p = 0; p < height_ * width_; ++p) numbers_(c, p) = numbers[p * shape.channels + c];
  }

  const Matrix& numbers() const { return numbers_; }

  void convolve(const Layer& layer, const double*& theta) {
    const Index rows = layer.filter.size() == 2 ? layer.filter[0] : 1;
    const Index columns = layer.filter.empty() ? 1 : layer.filter.back();
    const Index inputs = numbers_.rows(), taps = rows * columns;
    double fan = 1.0;
    if (layer.fan != Fan::one)
      fan = static_cast<double>(layer.fan == Fan::fan_in ? inputs * taps : inputs);
    Matrix h = Matrix::Zero(layer.width, height_ * width_);
    for (Index c = 0; c < layer.width; ++c)
      for (Index y = 0; y < height_; ++y)
        for (Index x = 0; x < width_; ++x) {
          double& sum = h(c, y * width_ + x);
          for (Index below = 0; below < inputs; ++below)
            for (Index o = 0; o < taps; ++o)
              sum += theta[(c * inputs + below) * taps + o] *
                     padded(below, y + o / columns - rows / 2, x + o % columns - columns / 2,
                            layer.padding);
          sum *= layer.parameters.sigma_w / std::sqrt(fan);
        }
    theta += layer.width * inputs * taps;
    if (layer.parameters.bias != Bias::none) {
      for (Index c = 0; c < layer.width; ++c)
        h.row(c).array() += layer.parameters.sigma_b * theta[c];
      theta += layer.width;
    }
    for (double& entry : h.reshaped()) entry = scalar_activation(*layer.activation, entry);
    if (layer.skip == Skip::identity) h += numbers_;
    numbers_ = h;
  }

  void pool(const Layer& layer) {
    const Index rows = layer.filter.size() == 2 ? layer.filter[0] : 1;
    const Index columns = layer.filter.back();
    Matrix pooled(numbers_.rows(), height_ / rows * (width_ / columns));
    for (Index c = 0; c < numbers_.rows(); ++c)
      for (Index y = 0; y < height_ / rows; ++y)
        for (Index x = 0; x < width_ / columns; ++x) {
          double sum = 0.0, largest = -1e300;
          for (Index o = 0; o < rows * columns; ++o) {
            const double value =
                numbers_(c, (y * rows + o / columns) * width_ + x * columns + o % columns);
            sum += value;
            largest = std::max(largest, value);
          }
          const bool is_max = layer.kind == LayerKind::max_pool;
          pooled(c, y * (width_ / columns) + x) =
              is_max ? largest : sum / static_cast<double>(rows * columns);
        }
    height_ /= rows;
    width_ /= columns;
    numbers_ = pooled;
  }

  void flatten() {
    const Matrix vector = numbers_.reshaped(numbers_.size(), 1);
    height_ = width_ = 1;
    numbers_ = vector;
  }

 private:
  double padded(Index c, Index y, Index x, Padding padding) const {
    if (padding == Padding::circular) {
      y = (y + 8 * height_) % height_;
      x = (x + 8 * width_) % width_;
    }
    const bool is_inside = 0 <= y && y < height_ && 0 <= x && x < width_;
    return is_inside ? numbers_(c, y * width_ + x) : 0.0;
  }

  Index height_, width_;
  Matrix numbers_;
};

// f of one network at one point, straight from the definition.
double naive_value(const Architecture& architecture, const double* theta, const Vector& x) {
  NaiveSample a(architecture.input, x);
  if (architecture.layers.front().kind == LayerKind::dense) a.flatten();
  for (const Layer& layer : architecture.layers) {
    if (layer.is_affine())
      a.convolve(layer, theta);
    else if (layer.kind == LayerKind::flatten)
      a.flatten();
    else
      a.pool(layer);
  }
  const Readout& readout = architecture.readout;
  const Matrix& alpha = a.numbers();
  const auto channels = static_cast<double>(alpha.rows());
  const auto positions = static_cast<double>(alpha.cols());
  const bool is_flat = readout.kind == ReadoutKind::flatten;
  double f = 0.0;
  for (Index c = 0; c < alpha.rows(); ++c)
    for (Index p = 0; p < alpha.cols(); ++p)
      f += is_flat ? theta[c * alpha.cols() + p] * alpha(c, p) : theta[c] * alpha(c, p) / positions;
  const bool is_mean = is_flat && readout.norm == FlattenNorm::channels_positions;
  f *= readout.parameters.sigma_w / std::sqrt(is_mean ? channels * positions : channels);
  theta += is_flat ? alpha.size() : alpha.rows();
  return readout.parameters.bias == Bias::none ? f : f + readout.parameters.sigma_b * theta[0];
}

TEST(Network, value_is_the_definition) {
  for (const Case& c : cases) {
    const Matrix x = batch(c, 6);
    const Network network = make_network(c, Start::antisymmetric);
    const Vector theta = normals(network.parameter_count(), 2);

    const Vector f = network.value(span_of(theta), x);

    for (Index i = 0; i < x.cols(); ++i) {
      const double f1 = naive_value(network.architecture(), theta.data(), x.col(i));
      const double f2 =
          naive_value(network.architecture(), theta.data() + theta.size() / 2, x.col(i));
      EXPECT_NEAR(f[i], (f1 - f2) / std::sqrt(2.0), 1e-13) << c.layers;
    }
  }
}

TEST(Network, blocks_of_samples_do_not_show) {
  const Network network = make_network(cases[3], Start::standard);
  const Vector theta = normals(network.parameter_count(), 2);
  const Matrix x = batch(cases[3], 1501);  // three blocks
  const Vector u = normals(x.cols(), 3);

  const Vector f = network.value(span_of(theta), x);
  Vector gradient = Vector::Zero(theta.size());
  network.add_vjp(span_of(theta), x, u, span_of(gradient));

  Vector expected = Vector::Zero(theta.size());
  for (Index i = 0; i < x.cols(); ++i) {
    const Matrix point = x.col(i);
    EXPECT_NEAR(f[i], network.value(span_of(theta), point)[0], 1e-13);
    network.add_vjp(span_of(theta), point, u.segment(i, 1), span_of(expected));
  }
  EXPECT_LE((gradient - expected).norm(), 1e-13 * expected.norm());
}

// Wide enough that a convolution works on some samples at a time, and on some columns of those.
TEST(Network, blocks_of_a_convolution_do_not_show) {
  const Case c = {
      "conv:60:3x3, maxpool:2x2, conv:70:5x5:circular", "flatten", "gelu", {{12, 14}, 3}};
  const Network network = make_network(c, Start::standard);
  const Vector theta = normals(network.parameter_count(), 2);
  const Matrix x = batch(c, 2 * network.samples_a_block() + 1);
  const Vector u = normals(x.cols(), 3);

  Vector gradient = Vector::Zero(theta.size());
  const auto cotangent = [&](Index first, const Vector& f) -> Vector {
    return u.segment(first, f.size());
  };
  const Vector f = network.value_and_vjp(span_of(theta), x, cotangent, span_of(gradient));

  EXPECT_LT(network.samples_a_block(), 100);
  for (const Index i : {Index{0}, x.cols() / 2, x.cols() - 1})
    EXPECT_NEAR(f[i], naive_value(network.architecture(), theta.data(), x.col(i)), 1e-12);
  const Vector direction = normals(theta.size(), 4);
  const Vector forward = network.jvp(span_of(theta), x, span_of(direction));
  EXPECT_NEAR(u.dot(forward), gradient.dot(direction),
              1e-13 * (u.norm() * forward.norm() + gradient.norm() * direction.norm()));
}

TEST(Network, vjp_is_the_adjoint_of_jvp) {
  const Vector u = normals(20, 3);
  for (const Case& c : cases)
    for (const Start start : {Start::antisymmetric, Start::standard}) {
      const Matrix x = batch(c, u.size());
      const Network network = make_network(c, start);
      const Vector theta = normals(network.parameter_count(), 2);
      const Vector direction = normals(theta.size(), 4);

      const Vector forward = network.jvp(span_of(theta), x, span_of(direction));
      Vector gradient = Vector::Zero(theta.size());
      network.add_vjp(span_of(theta), x, u, span_of(gradient));

      EXPECT_NEAR(u.dot(forward), gradient.dot(direction),
                  1e-13 * (u.norm() * forward.norm() + gradient.norm() * direction.norm()))
          << c.layers;
      EXPECT_GT(gradient.norm(), 0.0) << c.layers;
    }
}

// The parameters of `network` that are trained, as zeros and ones.
Vector trained_mask(const Network& network) {
  Vector mask = Vector::Zero(network.parameter_count());
  const Index half = network.maps().back().parameters_end();
  for (Index first = 0; first < mask.size(); first += half)
    for (const AffineMap& map : network.maps()) {
      if (map.weights_trained) mask.segment(first + map.weights_at, map.weight_count()).setOnes();
      if (map.bias_trained) mask.segment(first + *map.bias_at, map.outputs).setOnes();
    }
  return mask;
}

TEST(Network, jvp_is_the_derivative_along_the_trained_parameters) {
  const double h = 1e-5;
  for (const Case& c : cases) {
    const Matrix x = batch(c, 5);
    const Network network = make_network(c, Start::antisymmetric);
    const Vector theta = normals(network.parameter_count(), 2);
    const Vector direction = normals(theta.size(), 4);

    const Vector derivative = network.jvp(span_of(theta), x, span_of(direction));

    const Vector step = h * direction.cwiseProduct(trained_mask(network));
    const Vector ahead = theta + step, behind = theta - step;
    const Vector difference =
        (network.value(span_of(ahead), x) - network.value(span_of(behind), x)) / (2.0 * h);
    EXPECT_LE((derivative - difference).norm(), 1e-8 * (1.0 + derivative.norm())) << c.layers;
  }
}

TEST(Network, gradient_of_frozen_parameters_stays_as_it_was) {
  for (const Case& c : cases) {
    const Matrix x = batch(c, 5);
    const Network network = make_network(c, Start::antisymmetric);
    const Vector theta = normals(network.parameter_count(), 2);
    Vector gradient = Vector::Constant(theta.size(), 7.0);

    network.add_vjp(span_of(theta), x, normals(x.cols(), 3), span_of(gradient));

    const Vector mask = trained_mask(network);
    for (Index i = 0; i < mask.size(); ++i)
      if (mask[i] == 0.0) EXPECT_EQ(gradient[i], 7.0) << c.layers << " parameter " << i;
  }
}

TEST(Network, value_and_vjp_asks_for_the_cotangent_block_by_block) {
  const Network network = make_network(cases[1], Start::antisymmetric);
  const Vector theta = normals(network.parameter_count(), 2);
  const Matrix x = batch(cases[1], 1200);
  const Vector target = normals(x.cols(), 3);
  std::vector<Index> asked;
  Vector gradient = Vector::Zero(theta.size());

  const Vector f = network.value_and_vjp(
      span_of(theta), x,
      [&](Index first, const Vector& value) -> Vector {
        asked.push_back(first);
        return value - target.segment(first, value.size());
      },
      span_of(gradient));

  Vector expected = Vector::Zero(theta.size());
  network.add_vjp(span_of(theta), x, f - target, span_of(expected));
  EXPECT_EQ(asked, (std::vector<Index>{0, 400, 800}));
  EXPECT_LE((gradient - expected).norm(), 1e-14 * expected.norm());
  EXPECT_LE((f - network.value(span_of(theta), x)).norm(), 1e-13 * f.norm());
}

TEST(Network, antisymmetric_start_is_exactly_zero) {
  for (const Case& c : cases)
    for (const Index count : {1, 2, 5, 64, 513}) {
      const Network network = make_network(c, Start::antisymmetric);
      const Vector theta = network.initial_parameters(3, {0, network.parameter_count()});

      const Vector f = network.value(span_of(theta), batch(c, count));

      EXPECT_TRUE((f.array() == 0.0).all()) << c.layers << " batch " << count;
    }
}

TEST(Network, antisymmetric_start_is_exactly_zero_at_sizes_that_blas_splits) {
  const Case wide = {"fc:301, fc:257", "dense", "tanh"};
  const Network network = make_network(wide, Start::antisymmetric);
  const Vector theta = network.initial_parameters(3, {0, network.parameter_count()});

  EXPECT_TRUE((network.value(span_of(theta), batch(wide, 700)).array() == 0.0).all());

  const auto same = [](Index, const Vector& value) -> Vector { return value; };
  Vector gradient = Vector::Zero(theta.size());
  EXPECT_TRUE(
      (network.value_and_vjp(span_of(theta), batch(wide, 700), same, span_of(gradient)).array() ==
       0.0)
          .all());
}

TEST(Network, start_does_not_depend_on_the_partition) {
  for (const Case& c : cases) {
    const Network network = make_network(c, Start::antisymmetric);
    const Index count = network.parameter_count();
    const Vector whole = network.initial_parameters(11, {0, count});

    for (Index first = 0; first < count; first += 13) {
      const IndexRange range{first, std::min(count, first + 13)};
      EXPECT_EQ(network.initial_parameters(11, range), whole.segment(first, range.count()));
    }
    EXPECT_EQ(whole.head(count / 2), whole.tail(count / 2));
    EXPECT_NE(network.initial_parameters(12, {0, count}), whole);
    EXPECT_EQ(make_network(c, Start::centred).initial_parameters(11, {0, count / 2}),
              whole.head(count / 2));
  }
}

TEST(Network, start_follows_the_laws_of_weights_and_biases) {
  const Case c = {"fc:100:bias=zero:sigma_b=1, fc:50:bias=random:sigma_b=1", "dense:init=signs",
                  "relu"};
  const Network network = make_network(c, Start::standard);

  const Vector theta = network.initial_parameters(1, {0, network.parameter_count()});

  const auto& maps = network.maps();
  const auto first_bias = theta.segment(*maps[0].bias_at, 100);
  const auto second_bias = theta.segment(*maps[1].bias_at, 50);
  const auto weights = theta.segment(maps[1].weights_at, 5000);
  const auto signs = theta.segment(maps[2].weights_at, 50);
  EXPECT_TRUE((first_bias.array() == 0.0).all());
  EXPECT_GT(second_bias.squaredNorm(), 25.0);
  EXPECT_NEAR(weights.squaredNorm() / 5000.0, 1.0, 0.1);  // five standard deviations
  EXPECT_NEAR(weights.mean(), 0.0, 0.07);
  EXPECT_TRUE((signs.array().abs() == 1.0).all());
  EXPECT_LT(std::abs(signs.sum()), 36.0);
}

TEST(Network, signals_are_the_factors_of_the_gradient) {
  const Network network = make_network(cases[3], Start::antisymmetric);
  const Vector theta = normals(network.parameter_count(), 2);
  const Matrix x = batch(cases[3], 4);

  const std::vector<Signals> signals = network.signals(span_of(theta), x);

  ASSERT_EQ(signals.size(), 2u);
  const Index half = theta.size() / 2;
  for (Index i = 0; i < x.cols(); ++i) {
    Vector gradient = Vector::Zero(theta.size());
    const Matrix point = x.col(i);
    network.add_vjp(span_of(theta), point, Vector::Ones(1), span_of(gradient));
    for (std::size_t h = 0; h < 2; ++h)
      for (std::size_t l = 0; l < 3; ++l) {
        const AffineMap& map = network.maps()[l];
        const double sign = h == 0 ? 1.0 : -1.0;
        const Vector by_weights =
            gradient.segment(static_cast<Index>(h) * half + map.weights_at, map.weight_count());
        const Matrix factors =
            signals[h].below[l].col(i) * signals[h].backward[l].col(i).transpose();
        const Vector expected = sign / std::sqrt(2.0) * map.weight_scale * factors.reshaped();
        EXPECT_LE((by_weights - expected).norm(), 1e-13 * expected.norm());
      }
  }
}

TEST(Network, signals_of_what_does_not_train_are_empty) {
  const Case& c = cases[12];
  const Network network = make_network(c, Start::standard);
  const Vector theta = normals(network.parameter_count(), 2);

  const Signals signals = network.signals(span_of(theta), batch(c, 2))[0];

  ASSERT_EQ(signals.below.size(), 3u);
  EXPECT_EQ(signals.below[0].size(), 0);
  EXPECT_EQ(signals.below[1].rows(), 27);
  EXPECT_EQ(signals.backward[1].rows(), 36);
  EXPECT_EQ(signals.backward[2].size(), 0);
}

TEST(Network, nan_in_a_pixel_passes_every_layer) {
  for (const char* layers : {"conv:4:3x3, maxpool:2x2", "conv:4:3x3, avgpool:2x2",
                             "maxpool:2x2, conv:3:3x3, residual:3:3x3:circular"})
    for (const char* readout : {"flatten", "average"}) {
      const Case c = {layers, readout, "gelu", {{4, 4}, 1}};
      const Network network = make_network(c, Start::standard);
      const Vector theta = normals(network.parameter_count(), 2);
      for (Index pixel = 0; pixel < 16; ++pixel) {
        Matrix x = batch(c, 2);
        x(pixel, 1) = std::nan("");

        const Vector f = network.value(span_of(theta), x);

        EXPECT_TRUE(std::isfinite(f[0]) && std::isnan(f[1])) << layers << " pixel " << pixel;
      }
    }
}

TEST(Network, of_equal_numbers_a_maximum_pool_moves_the_first) {
  const Case c = {"conv:1:1, maxpool:3", "flatten", "identity", {{3}, 1}};
  const Network network = make_network(c, Start::standard);
  const Vector theta = Vector::Ones(2);
  const Matrix x = Eigen::Vector3d(1.0, 4.0, 4.0);

  EXPECT_DOUBLE_EQ(network.value(span_of(theta), x)[0], 4.0);
  Vector gradient = Vector::Zero(2);
  network.add_vjp(span_of(theta), x, Vector::Ones(1), span_of(gradient));
  EXPECT_DOUBLE_EQ(gradient[0], 4.0);
}

TEST(Network, nan_in_a_parameter_reaches_the_value) {
  for (const char* name : {"relu", "tanh", "erf"}) {
    const Network network = make_network({"fc:5, fc:7", "dense", name}, Start::standard);
    Vector theta = normals(network.parameter_count(), 2);
    theta[0] = std::nan("");

    EXPECT_TRUE(network.value(span_of(theta), batch(cases[0], 9)).array().isNaN().all()) << name;
  }
}

TEST(Network, an_empty_batch_has_no_values) {
  const Network network = make_network(cases[0], Start::standard);
  const Vector theta = normals(network.parameter_count(), 2);

  EXPECT_EQ(network.value(span_of(theta), Matrix(3, 0)).size(), 0);
}

TEST(Network, without_an_input_dimension_is_an_error) {
  Architecture architecture = make_network(cases[0], Start::standard).architecture();
  architecture.input = {};
  EXPECT_THROW(Network(architecture, Start::standard), ConfigError);
}

}  // namespace
}  // namespace ntkflow
