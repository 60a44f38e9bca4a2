#pragma once

#include "flow/circle_problem.hpp"
#include "ntkflow/observe/observable.hpp"
#include "ntkflow/spectrum/nystrom.hpp"
#include "support/world.hpp"

#include <optional>

namespace ntkflow {

/// CircleProblem on two point sets, with the spectra of its analytic kernel.
struct CircleScene {
  Network network;
  PointSets points;
  ShardedVector theta_0;
  ResidualField train;
  ResidualField reference;
  ProcessGrid grid;
  std::unique_ptr<Kernel> kernel;
  KernelSpectrum spectrum;
  KernelSpectrum train_spectrum;

  CircleScene(Index reference_count, Index train_count, Index width, Index eigenpairs = 6,
              Model model = Model::network)
      : network(CircleProblem::tanh_network(width), Start::antisymmetric),
        points{grid_points(reference_count),
               train_count == 0
                   ? grid_points(reference_count)
                   : std::make_shared<MatrixPoints>(CircleProblem::angles_to_points(train_count)),
               ""},
        theta_0(initial_theta(network)),
        train(network, *points.train, theta_0, model),
        reference(network, *points.reference, theta_0, model),
        grid(world()),
        kernel(make_analytic_kernel(network.architecture(), AnalyticKind::ntk)),
        spectrum(kernel_spectrum(grid, *kernel, *points.reference, {.eigenpairs = eigenpairs})),
        train_spectrum(kernel_spectrum(grid, *kernel, *points.train, {.eigenpairs = eigenpairs})) {}

  Scene scene() const {
    return {grid, network, train, reference, points, theta_0, spectrum, &train_spectrum};
  }

  RowBlocks eigenfunctions_at_train() const {
    return nystrom_extension(world(), *kernel, *points.reference, spectrum, *points.train);
  }

  static ShardedVector initial_theta(const Network& network) {
    ShardedVector theta(world(), network.parameter_count());
    theta.local() = network.initial_parameters(5, theta.my_range());
    return theta;
  }

  /// Equidistant angles: a quadrature of the uniform density.
  static std::shared_ptr<MatrixPoints> grid_points(Index n) {
    Matrix x(2, n);
    Vector y(n);
    for (Index i = 0; i < n; ++i) {
      const double angle =
          0.1 + 2 * 3.14159265358979324 * static_cast<double>(i) / static_cast<double>(n);
      x.col(i) << std::cos(angle), std::sin(angle);
      y(i) = std::cos(angle) + std::cos(3 * angle);
    }
    return std::make_shared<MatrixPoints>(x, y);
  }
};

}  // namespace ntkflow
