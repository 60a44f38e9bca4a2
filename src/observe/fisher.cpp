#include "ntkflow/observe/fisher.hpp"

#include "ntkflow/flow/tangent_kernel.hpp"
#include "ntkflow/linalg/symmetric_eigen.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"

#include <cmath>
#include <limits>

namespace ntkflow {

double trace_rank(const Vector& eigenvalues) {
  const Vector lambda = eigenvalues.cwiseMax(0.0);
  const double largest = lambda.maxCoeff();
  return largest > 0.0 ? lambda.sum() / largest : 0.0;
}

double entropy_rank(const Vector& eigenvalues) {
  const Vector lambda = eigenvalues.cwiseMax(0.0);
  const double trace = lambda.sum();
  if (!(trace > 0.0)) return 0.0;
  double entropy = 0.0;
  for (const double value : lambda)
    if (const double share = value / trace; share > 0.0) entropy -= share * std::log(share);
  return std::exp(entropy);
}

Vector empirical_eigenvalues(const ProcessGrid& grid, const Network& network,
                             const ShardedVector& theta, const PointSet& points) {
  refuse_eigen_overflow(BlockCyclicLayout::square(points.count(), grid.shape()));
  const auto kernel = kernel_at(network, theta);
  return symmetric_eigenvalues(assemble_weighted_gram(grid, *kernel, points)).reverse();
}

std::vector<Quantity> Fisher::quantities() {
  return {{"/spectrum/empirical/eigenvalue", Axis::train_rank, "eigenvalues of K_t/n, descending"},
          {"/snapshot/trace_rank", Axis::none, "tr F / ||F||_2 of the Fisher information F"},
          {"/snapshot/entropy_rank", Axis::none,
           "exp of the entropy of F's eigenvalues over their sum"}};
}

Fisher::Fisher(const Scene& scene)
    : grid_(&scene.grid), network_(&scene.network), points_(scene.points) {}

std::vector<Vector> Fisher::observe(const Moment& moment) const {
  if (!moment.inspects_kernel) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    return {row_of(none), row_of(none), row_of(none)};
  }
  Vector lambda = empirical_eigenvalues(*grid_, *network_, moment.theta, *points_.train);
  const Vector trace = row_of(trace_rank(lambda)), entropy = row_of(entropy_rank(lambda));
  return {std::move(lambda), trace, entropy};
}

}  // namespace ntkflow
