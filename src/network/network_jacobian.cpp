#include "ntkflow/network/network_jacobian.hpp"

#include "network/batches.hpp"
#include "network/network_pass.hpp"
#include "ntkflow/base/error.hpp"

#include <utility>

namespace ntkflow {

struct NetworkJacobian::Kept {
  struct Block {
    IndexRange range;
    std::vector<NetworkPass> half;
  };

  const Network* network;
  Vector theta;
  Vector value;
  std::vector<Block> blocks;

  std::size_t halves() const { return network->halves(); }
  Index half_count() const { return network->half_count(); }
};

NetworkJacobian::NetworkJacobian(const Network& network, Vector theta, const Matrix& x)
    : kept_(new Kept{&network, std::move(theta), Vector(x.cols()), {}}) {
  NTKFLOW_EXPECTS(kept_->theta.size() == network.parameter_count());
  NTKFLOW_EXPECTS(x.rows() == network.architecture().input.size());
  const Parameters parameters = span_of(std::as_const(kept_->theta));
  const auto buffers = std::make_shared<PassBuffers>();
  for_each_block(x.cols(), network.samples_a_block(), [&](IndexRange range) {
    Kept::Block& block = kept_->blocks.emplace_back(Kept::Block{range, {}});
    const auto forward = [&](std::size_t h) {
      block.half.emplace_back(network.architecture(), network.maps(),
                              half_of(parameters, h, kept_->half_count()), buffers);
      return block.half.back().forward(samples(x, range));
    };
    kept_->value.segment(range.first, range.count()) = combine(kept_->halves(), forward);
  });
}

NetworkJacobian::~NetworkJacobian() = default;
NetworkJacobian::NetworkJacobian(NetworkJacobian&&) noexcept = default;

const Vector& NetworkJacobian::value() const {
  return kept_->value;
}

Vector NetworkJacobian::jvp(Parameters direction) const {
  NTKFLOW_EXPECTS(direction.size() == static_cast<std::size_t>(kept_->theta.size()));
  Vector derivative(kept_->value.size());
  for (Kept::Block& block : kept_->blocks)
    derivative.segment(block.range.first, block.range.count()) =
        combine(kept_->halves(), [&](std::size_t h) {
          return block.half[h].tangent(half_of(direction, h, kept_->half_count()));
        });
  return derivative;
}

void NetworkJacobian::add_vjp(const Vector& cotangent, std::span<double> gradient) const {
  NTKFLOW_EXPECTS(cotangent.size() == kept_->value.size());
  NTKFLOW_EXPECTS(gradient.size() == static_cast<std::size_t>(kept_->theta.size()));
  for (Kept::Block& block : kept_->blocks) {
    const Vector u = cotangent.segment(block.range.first, block.range.count());
    for (std::size_t h = 0; h < kept_->halves(); ++h) {
      block.half[h].backward(half_cotangent(kept_->halves(), h, u));
      block.half[h].add_gradient(half_of(gradient, h, kept_->half_count()));
    }
  }
}

double NetworkJacobian::memory(const Network& network, Index batch) {
  double numbers_a_sample = 0.0;
  const std::vector<SampleShape> shapes = layer_shapes(network.architecture());
  for (std::size_t l = 1; l < shapes.size(); ++l)
    numbers_a_sample += 2.0 * static_cast<double>(shapes[l].size());
  return 8.0 *
         (static_cast<double>(network.parameter_count()) +
          static_cast<double>(batch) * numbers_a_sample * static_cast<double>(network.halves()));
}

}  // namespace ntkflow
