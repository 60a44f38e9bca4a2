#pragma once

#include "ntkflow/observe/observable.hpp"

namespace ntkflow {

/// Two effective numbers of directions, of eigenvalues >= 0: trace over largest, and the
/// exponential of the entropy of the eigenvalues divided by their sum. Negative eigenvalues, which
/// are rounding, count as 0; both are 0 when all are 0.
/// Source: Roy and Vetterli 2007, The effective rank, for the entropy.
double trace_rank(const Vector& eigenvalues);
double entropy_rank(const Vector& eigenvalues);

/// Eigenvalues, descending, of the tangent kernel's matrix W^{1/2} K_t W^{1/2} on weighted points
/// (K_t / n for equal weights): the non-zero ones of the Fisher information (1/n) J^T J.
/// Memory: that of symmetric_eigenvalues. Collective.
/// Throws: what assemble_weighted_gram and symmetric_eigenvalues do.
Vector empirical_eigenvalues(const ProcessGrid& grid, const Network& network,
                             const ShardedVector& theta, const PointSet& points);

/// The spectrum of the Fisher information on the training points, and its effective ranks. NaN
/// where K_t is not looked at.
class Fisher : public Observable {
 public:
  static std::vector<Quantity> quantities();
  explicit Fisher(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  const ProcessGrid* grid_;
  const Network* network_;
  PointSets points_;
};

}  // namespace ntkflow
