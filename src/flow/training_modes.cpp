#include "ntkflow/flow/training_modes.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/flow/tangent_kernel.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/linalg/symmetric_eigen.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"

#include <cmath>

namespace ntkflow {
namespace {

constexpr double rounding = 1e-13;  // of the largest eigenvalue

// How many of the ascending eigenvalues are more than rounding, the same on any number of ranks.
Index count_kept(const Vector& ascending) {
  const double largest = ascending(ascending.size() - 1);
  return (ascending.array() > 0.0 && ascending.unaryExpr(&round_for_decision).array() >=
                                         round_for_decision(rounding * largest))
      .count();
}

TrainingModes modes_of(const ResidualField& train, DistMatrix gram) {
  const Index n = gram.rows();
  const EigenDecomposition pairs = symmetric_eigen(std::move(gram), n);
  const Index kept = count_kept(pairs.eigenvalues);
  TrainingModes modes;
  modes.eigenvalues = pairs.eigenvalues.tail(kept).reverse();
  modes.functions = to_row_blocks(pairs.eigenvectors, {n - kept, n}).local.rowwise().reverse();
  // A point without weight takes no part.
  const Vector scale = train.my_weights().unaryExpr(
      [](double weight) { return weight > 0.0 ? 1.0 / std::sqrt(weight) : 0.0; });
  modes.functions.array().colwise() *= scale.array();
  return modes;
}

}  // namespace

Vector TrainingModes::components(const ResidualField& train, const Vector& u) const {
  Vector result = functions.transpose() * train.my_weights().cwiseProduct(u);
  sum_over_ranks(train.comm(), span_of(result));
  return result;
}

TrainingModes kernel_modes(const ResidualField& train, const Kernel& kernel,
                           const PointSet& points) {
  const ProcessGrid grid(train.comm());
  return modes_of(train, assemble_weighted_gram(grid, kernel, points));
}

TrainingModes tangent_modes(const GradientFlow& flow, const ShardedVector& theta) {
  const ResidualField& train = flow.train();
  const ProcessGrid grid(train.comm());
  const auto gram = [&] {
    const AddElapsed timer(flow.seconds().kernel);
    const auto kernel = kernel_at(train.network(), theta);
    return assemble_weighted_gram(grid, *kernel, train.point_set());
  };
  DistMatrix weighted = gram();
  const AddElapsed timer(flow.seconds().linear_algebra);
  return modes_of(train, std::move(weighted));
}

}  // namespace ntkflow
