#pragma once

#include "ntkflow/flow/flow_state.hpp"
#include "ntkflow/flow/gradient_flow.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "support/matrix_points.hpp"

#include <cmath>

namespace ntkflow {

/// A two-layer tanh network that learns cos a + cos 3a at n irregular angles of the circle.
struct CircleProblem {
  Network network;
  MatrixPoints points;
  ResidualField train;
  GradientFlow flow;

  explicit CircleProblem(const Communicator& comm, Index n = 13, Index width = 16,
                         Start start = Start::antisymmetric)
      : network(tanh_network(width), start),
        points(angles_to_points(n)),
        train(network, points, initial_theta(comm)),
        flow(train) {}

  FlowState initial_state(const Communicator& comm) const {
    FlowState state(comm, network.parameter_count(), points.count());
    state.theta = initial_theta(comm);
    return state;
  }

  ShardedVector initial_theta(const Communicator& comm) const {
    ShardedVector theta(comm, network.parameter_count());
    theta.local() = network.initial_parameters(seed, theta.my_range());
    return theta;
  }

  static Architecture tanh_network(Index width) {
    Architecture architecture;
    architecture.input = SampleShape::vector(2);
    Layer layer;
    layer.width = width;
    layer.activation = &activation("tanh");
    architecture.layers = {layer};
    return architecture;
  }

  static MatrixPoints angles_to_points(Index n) {
    Matrix x(2, n);
    Vector y(n);
    for (Index i = 0; i < n; ++i) {
      const double angle = 2.4 * static_cast<double>(i * (i + 1));
      x.col(i) << std::cos(angle), std::sin(angle);
      y(i) = std::cos(angle) + std::cos(3 * angle);
    }
    return {x, y};
  }

  static constexpr std::uint64_t seed = 5;
};

}  // namespace ntkflow
