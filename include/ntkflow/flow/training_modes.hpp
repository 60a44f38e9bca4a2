#pragma once

#include "ntkflow/flow/gradient_flow.hpp"
#include "ntkflow/kernel/kernel.hpp"

namespace ntkflow {

/// Eigenpairs of the operator (T u)(x_a) = sum_b w_b K(x_a, x_b) u(x_b) on the training points,
/// orthonormal in the training field's inner product, with signs and degenerate bases as the solver
/// left them: for functions of T, which depend on neither. Pairs below 1e-13 of the first, which
/// are rounding, are left out.
struct TrainingModes {
  Vector eigenvalues;  ///< descending, k of them
  Matrix functions;    ///< at this rank's points, my_range().count() x k

  Index count() const { return eigenvalues.size(); }

  /// <phi_i, u> for u given at this rank's points. Collective. Shape: k.
  Vector components(const ResidualField& train, const Vector& u) const;
};

/// Those of any kernel, at the training points as it wants to see them.
/// Memory:     five times n^2 / ranks numbers while it works, then n k / ranks.
/// Collective: on the training field's communicator.
/// Throws:     on all ranks: Error (exit 78) where the kernel is not finite; LapackError when the
///             decomposition fails.
TrainingModes kernel_modes(const ResidualField& train, const Kernel& kernel,
                           const PointSet& points);

/// Those of K_t at theta. Memory, errors: as kernel_modes().
TrainingModes tangent_modes(const GradientFlow& flow, const ShardedVector& theta);

}  // namespace ntkflow
