#pragma once

#include "ntkflow/flow/flow_jacobian.hpp"
#include "ntkflow/flow/training_modes.hpp"

#include <memory>

namespace ntkflow {

/// A direction D = E + U q in parameter space, relative to a Linearisation: E sharded, U q known by
/// its coefficients, together with its components U^T D.
struct Stage {
  Vector dense;       ///< this rank's shard of E
  Vector along;       ///< q
  Vector components;  ///< U^T D
};

/// a x + b y.
Stage combine(double a, const Stage& x, double b, const Stage& y);

/// The flow linearised at a theta: L = -J^T W J = -U Lambda U^T, where T_n^t = J J^T W has the
/// eigenpairs (lambda_i, phi_i) on the training points and U = J^T W Phi Lambda^{-1/2} has
/// orthonormal columns. Functions of L cost one product with J^T, however many are summed:
/// f(hL) D = f(0) E + U [f(0) q + (f(-h Lambda) - f(0)) U^T D].
/// Keeps a reference to the flow. Memory: n^2 / ranks numbers, five times that while it is made.
class Linearisation {
 public:
  /// At a theta whose velocity is given. Collective.
  /// Throws: what tangent_modes() throws.
  Linearisation(const GradientFlow& flow, std::shared_ptr<const FlowJacobian> at,
                const ShardedVector& velocity);

  const Vector& eigenvalues() const { return modes_.eigenvalues; }

  /// F = d theta/dt at theta itself.
  const Stage& velocity() const { return velocity_; }

  /// A sum of terms scale phi_k(h L) D, as a displacement from theta.
  class Displacement {
   public:
    explicit Displacement(const Linearisation& base);
    Displacement& add(double scale, int k, double h, const Stage& direction);

   private:
    friend class Linearisation;
    const Linearisation* base_;
    Stage sum_;
  };

  /// theta + displacement. Collective. Cost: a vjp.
  ShardedVector moved(const Displacement& displacement) const;

  /// D = F(theta') - F - L (theta' - theta) at theta' = moved(displacement), whose velocity is
  /// given. Collective. Cost: a jvp.
  Stage defect(const Displacement& displacement, const ShardedVector& velocity) const;

 private:
  const GradientFlow* flow_;
  std::shared_ptr<const FlowJacobian> at_;
  TrainingModes modes_;
  Stage velocity_;
};

}  // namespace ntkflow
