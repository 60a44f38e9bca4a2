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
};

constexpr Index dimension = 3;

Network make_network(const Case& c, Start start) {
  LayerDefaults defaults;
  defaults.activation = &activation(c.activation);
  Architecture architecture = parse_architecture(c.layers, c.readout, defaults);
  architecture.input = SampleShape::vector(dimension);
  return Network(std::move(architecture), start);
}

// Test numbers: part `which` of a stream of standard normals.
Vector normals(Index count, Index which) {
  const RandomStream stream(5, RandomPurpose::test);
  Vector v(count);
  for (Index i = 0; i < count; ++i) v[i] = stream.normal(which * 1000000 + i);
  return v;
}

Matrix batch(Index count) {
  const Vector v = normals(dimension * count, 1);
  return Eigen::Map<const Matrix>(v.data(), dimension, count);
}

double scalar_activation(const Activation& omega, double z) {
  double out = 0.0;
  omega.value(&z, 1, &out);
  return out;
}

// f of one network at one point, straight from the definition.
double naive_value(const Architecture& architecture, const double* theta, Vector a) {
  const auto map_through = [&](const ParameterSpec& spec, Fan fan, Index outputs) {
    Vector h(outputs);
    const double fan_value = fan == Fan::one ? 1.0 : static_cast<double>(a.size());
    for (Index i = 0; i < outputs; ++i) {
      h[i] = 0.0;
      for (Index j = 0; j < a.size(); ++j) h[i] += theta[i * a.size() + j] * a[j];
      h[i] *= spec.sigma_w / std::sqrt(fan_value);
    }
    theta += outputs * a.size();
    if (spec.bias == Bias::none) return h;
    for (Index i = 0; i < outputs; ++i) h[i] += spec.sigma_b * theta[i];
    theta += outputs;
    return h;
  };
  for (const Layer& layer : architecture.layers) {
    a = map_through(layer.parameters, layer.fan, layer.width);
    for (double& entry : a) entry = scalar_activation(*layer.activation, entry);
  }
  return map_through(architecture.readout.parameters, Fan::channels, 1)[0];
}

TEST(Network, value_is_the_definition) {
  const Matrix x = batch(6);
  for (const Case& c : cases) {
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
  const Matrix x = batch(1501);  // three blocks
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

TEST(Network, vjp_is_the_adjoint_of_jvp) {
  const Matrix x = batch(20);
  const Vector u = normals(x.cols(), 3);
  for (const Case& c : cases)
    for (const Start start : {Start::antisymmetric, Start::standard}) {
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
      if (map.weights_trained)
        mask.segment(first + map.weights_at, map.inputs * map.outputs).setOnes();
      if (map.bias_trained) mask.segment(first + *map.bias_at, map.outputs).setOnes();
    }
  return mask;
}

TEST(Network, jvp_is_the_derivative_along_the_trained_parameters) {
  const Matrix x = batch(5);
  const double h = 1e-5;
  for (const Case& c : cases) {
    const Network network = make_network(c, Start::antisymmetric);
    const Vector theta = normals(network.parameter_count(), 2);
    const Vector direction = normals(theta.size(), 4);

    const Vector derivative = network.jvp(span_of(theta), x, span_of(direction));

    const Vector step = h * direction.cwiseProduct(trained_mask(network));
    const Vector ahead = theta + step, behind = theta - step;
    const Vector difference =
        (network.value(span_of(ahead), x) - network.value(span_of(behind), x)) / (2.0 * h);
    EXPECT_LE((derivative - difference).lpNorm<Eigen::Infinity>(), 1e-8) << c.layers;
  }
}

TEST(Network, gradient_of_frozen_parameters_stays_as_it_was) {
  const Matrix x = batch(5);
  for (const Case& c : cases) {
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
  const Matrix x = batch(1200);
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

      const Vector f = network.value(span_of(theta), batch(count));

      EXPECT_TRUE((f.array() == 0.0).all()) << c.layers << " batch " << count;
    }
}

TEST(Network, antisymmetric_start_is_exactly_zero_at_sizes_that_blas_splits) {
  const Case wide = {"fc:301, fc:257", "dense", "tanh"};
  const Network network = make_network(wide, Start::antisymmetric);
  const Vector theta = network.initial_parameters(3, {0, network.parameter_count()});

  EXPECT_TRUE((network.value(span_of(theta), batch(700)).array() == 0.0).all());

  const auto same = [](Index, const Vector& value) -> Vector { return value; };
  Vector gradient = Vector::Zero(theta.size());
  EXPECT_TRUE(
      (network.value_and_vjp(span_of(theta), batch(700), same, span_of(gradient)).array() == 0.0)
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

TEST(Network, signals_are_activations_and_derivatives_by_preactivation) {
  const Network network = make_network(cases[3], Start::antisymmetric);
  const Vector theta = normals(network.parameter_count(), 2);
  const Matrix x = batch(4);

  const std::vector<Signals> signals = network.signals(span_of(theta), x);

  // A bias moves the pre-activation of its layer by sigma_b: df/db = sigma_b df/dh.
  ASSERT_EQ(signals.size(), 2u);
  const Index half = theta.size() / 2;
  for (Index i = 0; i < x.cols(); ++i) {
    Vector gradient = Vector::Zero(theta.size());
    const Matrix point = x.col(i);
    network.add_vjp(span_of(theta), point, Vector::Ones(1), span_of(gradient));
    for (std::size_t h = 0; h < 2; ++h)
      for (std::size_t l = 0; l < 2; ++l) {
        const AffineMap& map = network.maps()[l];
        const double sign = h == 0 ? 1.0 : -1.0;
        const Vector by_bias =
            gradient.segment(static_cast<Index>(h) * half + *map.bias_at, map.outputs);
        const Vector expected = sign * std::sqrt(2.0) / map.bias_scale * by_bias;
        EXPECT_LE((signals[h].backward[l].col(i) - expected).norm(), 1e-13 * expected.norm());
      }
  }
  EXPECT_EQ(signals[0].activations[1].rows(), 4);
  EXPECT_NE(signals[0].activations[1], signals[1].activations[1]);
}

TEST(Network, nan_in_a_parameter_reaches_the_value) {
  for (const char* name : {"relu", "tanh", "erf"}) {
    const Network network = make_network({"fc:5, fc:7", "dense", name}, Start::standard);
    Vector theta = normals(network.parameter_count(), 2);
    theta[0] = std::nan("");

    EXPECT_TRUE(network.value(span_of(theta), batch(9)).array().isNaN().all()) << name;
  }
}

TEST(Network, an_empty_batch_has_no_values) {
  const Network network = make_network(cases[0], Start::standard);
  const Vector theta = normals(network.parameter_count(), 2);

  EXPECT_EQ(network.value(span_of(theta), Matrix(dimension, 0)).size(), 0);
}

TEST(Network, without_an_input_dimension_is_an_error) {
  Architecture architecture = make_network(cases[0], Start::standard).architecture();
  architecture.input = {};
  EXPECT_THROW(Network(architecture, Start::standard), ConfigError);
}

}  // namespace
}  // namespace ntkflow
