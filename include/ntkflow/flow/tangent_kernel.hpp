#pragma once

#include "ntkflow/flow/gradient_flow.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"
#include "ntkflow/parallel/process_grid.hpp"

#include <memory>
#include <optional>

namespace ntkflow {

/// The empirical kernel of a network at theta. Collective.
std::unique_ptr<Kernel> kernel_at(const Network& network, const ShardedVector& theta);

/// The operator T_n^t u = K_t W u on the training points with K_t an explicit matrix, spread
/// block-cyclically, which secants of the flow keep up to date between rebuilds. Self-adjoint in
/// the inner product of the training field; u and T u are given at each rank's own points.
/// Keeps a reference to the flow. Memory: n^2 / ranks numbers.
class TangentKernel {
 public:
  explicit TangentKernel(const GradientFlow& flow);
  TangentKernel(const TangentKernel&) = delete;
  TangentKernel& operator=(const TangentKernel&) = delete;

  const GradientFlow& flow() const { return *flow_; }
  const ResidualField& train() const { return flow_->train(); }

  /// K_t at theta, layer by layer; to be called before apply() and correct(). Collective.
  /// Throws: Error (exit 78) on all ranks where it is not finite.
  void rebuild(const ShardedVector& theta);

  /// T u. Collective. Shape: my_range().count(), both.
  Vector apply(const Vector& u) const;

  /// The least symmetric change of T, in the Frobenius norm, after which T `direction` = T before
  /// + `gain`: K += (e g^T + g e^T)/<g,g> - <e,g> g g^T/<g,g>^2, e the gain. Collective.
  /// Source: Powell 1970, the symmetric Broyden update.
  void correct(const ShardedVector& direction, const ShardedVector& gain);

 private:
  const GradientFlow* flow_;
  ProcessGrid grid_;
  std::optional<DistMatrix> matrix_;
};

}  // namespace ntkflow
