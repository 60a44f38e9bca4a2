#include "ntkflow/network/network.hpp"

#include "network/batches.hpp"
#include "network/network_pass.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"

#include <algorithm>
#include <utility>

namespace ntkflow {
namespace {

// Samples a block: enough for dgemm to run at full speed, few enough to bound the memory. A dense
// layer has one column a sample and wants many; a convolution has many, and stays in cache.
Index choose_block(const Architecture& architecture) {
  Index numbers = 0;
  for (const SampleShape& shape : layer_shapes(architecture)) numbers += 3 * shape.size();
  const bool has_dense = std::ranges::find(architecture.layers, LayerKind::dense, &Layer::kind) !=
                         architecture.layers.end();
  const Index most_numbers = has_dense ? Index{1} << 24 : Index{1} << 20;
  return std::clamp<Index>(most_numbers / numbers, 1, 512);
}

// Entry i of one network's start.
double start_value(const std::vector<AffineMap>& maps, const RandomStream& stream, Index i) {
  const auto map = std::find_if(maps.begin(), maps.end(),
                                [i](const AffineMap& m) { return i < m.parameters_end(); });
  const bool is_bias = map->bias_at && i >= *map->bias_at;
  if (is_bias && map->bias == Bias::zero) return 0.0;
  if (!is_bias && map->law == WeightLaw::signs) return (stream.bits(i) & 1) != 0 ? 1.0 : -1.0;
  return stream.normal(i);
}

}  // namespace

Network::Network(Architecture architecture, Start start)
    : architecture_(std::move(architecture)),
      start_(start),
      maps_(affine_maps(architecture_)),
      block_(choose_block(architecture_)) {}

std::vector<NetworkPass> Network::passes(Parameters theta, const Matrix& x) const {
  NTKFLOW_EXPECTS(count_of(theta) == parameter_count());
  NTKFLOW_EXPECTS(x.rows() == architecture_.input.size());
  std::vector<NetworkPass> passes;
  const auto buffers = std::make_shared<PassBuffers>();
  for (std::size_t h = 0; h < halves(); ++h)
    passes.emplace_back(architecture_, maps_, half_of(theta, h, half_count()), buffers);
  return passes;
}

Vector Network::initial_parameters(std::uint64_t seed, IndexRange range) const {
  NTKFLOW_EXPECTS(0 <= range.first && range.last <= parameter_count());
  const RandomStream stream(seed, RandomPurpose::parameters);
  Vector theta(range.count());
  for (Index i = 0; i < theta.size(); ++i)
    theta[i] = start_value(maps_, stream, (range.first + i) % half_count());
  return theta;
}

Vector Network::value(Parameters theta, const Matrix& x) const {
  auto half = passes(theta, x);
  Vector f(x.cols());
  for_each_block(x.cols(), block_, [&](IndexRange block) {
    f.segment(block.first, block.count()) =
        combine(halves(), [&](std::size_t h) { return half[h].value(samples(x, block)); });
  });
  return f;
}

Vector Network::jvp(Parameters theta, const Matrix& x, Parameters direction) const {
  NTKFLOW_EXPECTS(count_of(direction) == parameter_count());
  auto half = passes(theta, x);
  Vector derivative(x.cols());
  for_each_block(x.cols(), block_, [&](IndexRange block) {
    derivative.segment(block.first, block.count()) = combine(halves(), [&](std::size_t h) {
      half[h].forward(samples(x, block));
      return half[h].tangent(half_of(direction, h, half_count()));
    });
  });
  return derivative;
}

void Network::add_vjp(Parameters theta, const Matrix& x, const Vector& cotangent,
                      std::span<double> gradient) const {
  NTKFLOW_EXPECTS(cotangent.size() == x.cols());
  const auto given = [&](Index first, const Vector& value) -> Vector {
    return cotangent.segment(first, value.size());
  };
  value_and_vjp(theta, x, given, gradient);
}

Vector Network::value_and_vjp(Parameters theta, const Matrix& x, const Cotangent& cotangent,
                              std::span<double> gradient) const {
  NTKFLOW_EXPECTS(count_of(gradient) == parameter_count());
  auto half = passes(theta, x);
  Vector f(x.cols());
  for_each_block(x.cols(), block_, [&](IndexRange block) {
    const Vector value =
        combine(halves(), [&](std::size_t h) { return half[h].forward(samples(x, block)); });
    const Vector u = cotangent(block.first, value);
    NTKFLOW_EXPECTS(u.size() == block.count());
    for (std::size_t h = 0; h < halves(); ++h) {
      half[h].backward(half_cotangent(halves(), h, u));
      half[h].add_gradient(half_of(gradient, h, half_count()));
    }
    f.segment(block.first, block.count()) = value;
  });
  return f;
}

std::vector<Signals> Network::signals(Parameters theta, const Matrix& x) const {
  std::vector<Signals> result;
  for (NetworkPass& half : passes(theta, x)) {
    half.forward(samples(x, {0, x.cols()}));
    half.backward(Vector::Ones(x.cols()));
    result.push_back(half.take_signals());
  }
  return result;
}

}  // namespace ntkflow
