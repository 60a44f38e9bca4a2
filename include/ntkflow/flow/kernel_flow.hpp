#pragma once

#include "ntkflow/flow/residual_field.hpp"
#include "ntkflow/flow/training_modes.hpp"
#include "ntkflow/kernel/kernel.hpp"

namespace ntkflow {

/// A kernel, and the points as it wants to see them: those of the two fields, or their numbers.
struct KernelOnFields {
  const Kernel& kernel;
  const PointSet& train;
  const PointSet& reference;
};

/// What an infinitely wide network does with the same n samples: the gradient flow of T_n, or its
/// gradient descent of step eta, from the network's own r_0, on the training points and off them,
/// without stepping. With the eigenpairs (lambda_i, phi_i) of T_n on the training points and
/// c_i = <phi_i, r_0>,
///     r(x, t) = r_0(x) - sum_i g(lambda_i) c_i sum_a w_a K(x, x_a) phi_i(x_a),
/// g that of LinearisedFlow: no division by an eigenvalue that is 0.
/// Source: Lee et al. 2019, Wide neural networks of any depth evolve as linear models, section 2.2.
class KernelFlow {
 public:
  /// eta 0: the flow itself. Decomposes the kernel's matrix on the training points. Collective.
  /// Memory: five times n^2 / ranks numbers while it works, then (n + N) n / ranks.
  /// Throws: what kernel_modes and kernel_image throw.
  KernelFlow(const KernelOnFields& given, const ResidualField& train,
             const ResidualField& reference, const ShardedVector& theta_0, double eta);

  /// r(., t) at this rank's points of each field. No communication.
  Vector train_residual(double time) const;
  Vector reference_residual(double time) const;

 private:
  Vector undone_parts(double time) const;

  double eta_;
  TrainingModes modes_;
  Matrix image_;  // of the modes at this rank's reference points
  Vector train_start_, reference_start_;
  Vector initial_;  // c
};

}  // namespace ntkflow
