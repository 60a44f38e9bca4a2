// One evaluation of the flow (forward and backward) of two networks, as a fraction of dgemm's rate
// measured in alternation. One line a network: name, seconds, flops/s, dgemm's flops/s, fraction.

#include "limits.hpp"
#include "ntkflow/base/heap.hpp"
#include "ntkflow/base/random.hpp"
#include "ntkflow/network/network.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace ntkflow {
namespace {

struct Case {
  const char* name;
  const char* layers;
  const char* readout;
  const char* activation;
  SampleShape input;
  Index samples;
};

const Case cases[] = {
    {"784-1024-1024-1 tanh", "fc:1024, fc:1024", "dense", "tanh", SampleShape::vector(784), 1000},
    {"784-1024-1024-1 relu", "fc:1024, fc:1024", "dense", "relu", SampleShape::vector(784), 1000},
    {"conv 1-32-64 3x3 28x28 relu",
     "conv:32:3x3, conv:64:3x3",
     "average",
     "relu",
     {{28, 28}, 1},
     100},
    {"conv 1-32-64 3x3 28x28 tanh",
     "conv:32:3x3, conv:64:3x3",
     "flatten",
     "tanh",
     {{28, 28}, 1},
     100},
};

Network make_network(const Case& c) {
  LayerDefaults defaults;
  defaults.activation = &activation(c.activation);
  Architecture architecture = parse_architecture(c.layers, c.readout, defaults);
  architecture.input = c.input;
  return Network(std::move(architecture), Start::standard);
}

// Of the products with W: one for the value, one for the gradient, and one for the cotangent of
// what is below, which the first layer does not need.
double flops_of(const Network& network, Index samples) {
  const std::vector<SampleShape> shapes = layer_shapes(network.architecture());
  double flops = 0.0;
  for (std::size_t l = 0; l + 1 < shapes.size(); ++l) {
    const Index products = network.maps()[l].weight_count() * shapes[l + 1].positions();
    flops += (l == 0 ? 2.0 : 3.0) * 2.0 * static_cast<double>(products * samples);
  }
  return flops;
}

void measure(const Case& c, int rounds) {
  const Network network = make_network(c);
  const Vector theta = network.initial_parameters(1, {0, network.parameter_count()});
  const RandomStream stream(1, RandomPurpose::test);
  const Matrix x = Matrix::NullaryExpr(c.input.size(), c.samples, [&](Index i, Index j) {
    return stream.normal(j * c.input.size() + i);
  });
  Vector gradient = Vector::Zero(theta.size());
  const auto residual = [](Index, const Vector& f) -> Vector { return f; };
  const auto evaluate = [&] {
    network.value_and_vjp(span_of(theta), x, residual, span_of(gradient));
  };

  evaluate();
  std::vector<double> seconds, dgemm;
  for (int round = 0; round < rounds; ++round) {
    seconds.push_back(seconds_of(evaluate));
    dgemm.push_back(dgemm_rate(1024, 1000, 1024));
  }
  const double rate = flops_of(network, c.samples) / median(seconds);
  fmt::print("{}\t{:.6g}\t{:.6g}\t{:.6g}\t{:.4f}\n", c.name, median(seconds), rate, median(dgemm),
             rate / median(dgemm));
}

}  // namespace
}  // namespace ntkflow

int main(int argc, char** argv) {
  ntkflow::reuse_freed_memory();
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 9;
  for (const ntkflow::Case& c : ntkflow::cases) ntkflow::measure(c, rounds);
}
