#include "ntkflow/network/network_jacobian.hpp"

#include "ntkflow/base/random.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ntkflow {
namespace {

struct Case {
  const char* layers;
  const char* readout;
  SampleShape input;
};

// Every kind of layer that keeps something.
const Case cases[] = {
    {"fc:6:bias=random:sigma_b=0.3, fc:4, residual:4", "dense", SampleShape::vector(3)},
    {"conv:4:3x3, avgpool:2x2, conv:5:3x3:circular, flatten, fc:6", "dense", {{4, 6}, 2}},
    {"conv:4:3x3, maxpool:2x3, conv:3:3x1", "average", {{4, 6}, 1}},
    {"conv:3:3, residual:3:3", "flatten", {{5}, 2}},
};

Network make_network(const Case& c, Start start) {
  LayerDefaults defaults;
  defaults.activation = &activation("tanh");
  Architecture architecture = parse_architecture(c.layers, c.readout, defaults);
  architecture.input = c.input;
  return Network(std::move(architecture), start);
}

Matrix gaussian(Index rows, Index cols, std::uint64_t seed) {
  const RandomStream stream(seed, RandomPurpose::test);
  return Matrix::NullaryExpr(rows, cols,
                             [&](Index i, Index j) { return stream.normal(j * rows + i); });
}

TEST(NetworkJacobian, agrees_with_the_network_bit_for_bit) {
  for (const Case& c : cases)
    for (const Start start : {Start::antisymmetric, Start::standard}) {
      SCOPED_TRACE(c.layers);
      const Network network = make_network(c, start);
      const Index p = network.parameter_count(), batch = 7;
      const Matrix x = gaussian(c.input.size(), batch, 1);
      const Vector theta = gaussian(p, 1, 2), direction = gaussian(p, 1, 3),
                   cotangent = gaussian(batch, 1, 4);

      const NetworkJacobian jacobian(network, theta, x);

      Vector gradient = Vector::Zero(p), expected = Vector::Zero(p);
      jacobian.add_vjp(cotangent, span_of(gradient));
      network.add_vjp(span_of(theta), x, cotangent, span_of(expected));
      EXPECT_EQ(jacobian.value(), network.value(span_of(theta), x));
      EXPECT_EQ(jacobian.jvp(span_of(direction)),
                network.jvp(span_of(theta), x, span_of(direction)));
      EXPECT_EQ(gradient, expected);
      EXPECT_NEAR(gradient.dot(direction), cotangent.dot(jacobian.jvp(span_of(direction))), 1e-11);
    }
}

TEST(NetworkJacobian, products_leave_what_is_kept_as_it_was) {
  const Network network = make_network(cases[1], Start::antisymmetric);
  const Index p = network.parameter_count(), batch = 3;
  const Matrix x = gaussian(cases[1].input.size(), batch, 1);
  const NetworkJacobian jacobian(network, gaussian(p, 1, 2), x);
  const Vector direction = gaussian(p, 1, 3);
  Vector first = Vector::Zero(p), second = Vector::Zero(p);

  jacobian.add_vjp(Vector::Ones(batch), span_of(first));
  const Vector along = jacobian.jvp(span_of(direction));
  jacobian.add_vjp(Vector::Ones(batch), span_of(second));

  EXPECT_EQ(first, second);
  EXPECT_EQ(along, jacobian.jvp(span_of(direction)));
}

TEST(NetworkJacobian, keeps_many_blocks_of_samples) {
  const Network network = make_network(cases[0], Start::standard);
  const Index p = network.parameter_count(), batch = 2 * network.samples_a_block() + 5;
  const Matrix x = gaussian(3, batch, 1);
  const Vector theta = gaussian(p, 1, 2), cotangent = gaussian(batch, 1, 4);
  Vector gradient = Vector::Zero(p), expected = Vector::Zero(p);

  const NetworkJacobian jacobian(network, theta, x);
  jacobian.add_vjp(cotangent, span_of(gradient));

  network.add_vjp(span_of(theta), x, cotangent, span_of(expected));
  EXPECT_EQ(jacobian.value(), network.value(span_of(theta), x));
  EXPECT_EQ(gradient, expected);
}

// theta and, of each layer's output, alpha and its derivative; two halves.
TEST(NetworkJacobian, states_its_memory) {
  const Network network =
      make_network({"fc:5, fc:7", "dense", SampleShape::vector(3)}, Start::antisymmetric);
  EXPECT_EQ(NetworkJacobian::memory(network, 10),
            8.0 * (2 * (3 * 5 + 5 * 7 + 7) + 10 * 2 * 2 * (5 + 7)));
}

}  // namespace
}  // namespace ntkflow
