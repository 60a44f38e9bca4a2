#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/flow/residual_field.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"
#include "ntkflow/observe/projection.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"

namespace ntkflow {

/// Everything that is recorded of the network at one time.
struct Observation {
  double time = 0.0;
  double loss = 0.0;            ///< (1/2) ||r||^2 on the training points
  double train_norm = 0.0;      ///< root mean square of r on the training points
  double reference_norm = 0.0;  ///< ||r|| in L2(rho)
  double theta_distance = 0.0;  ///< ||theta_t - theta_0||

  Vector train_residual;      ///< at this rank's training points
  Vector reference_residual;  ///< at this rank's reference points

  Vector projection;           ///< <r_t, phi_i> over the input space; K
  Vector ideal_projection;     ///< exp(-sigma_i t) <r_0, phi_i>; K
  Vector projected_deviation;  ///< ||P_k (r_t - ideal)||, k = 1..K

  Vector train_projection;        ///< on the eigenvectors of G/n; empty when not asked for
  Vector train_ideal_projection;  ///< what G/n alone would make of them
};

/// Compares the network, at any time, with the law that starts from its own r_0.
/// Keeps references to its arguments, which must outlive it.
class Observer {
 public:
  struct Setting {
    const ResidualField& train;
    const ResidualField& reference;
    const KernelSpectrum& spectrum;        ///< of the reference operator T_K
    const KernelSpectrum* train_spectrum;  ///< of G/n, or null
    DecayLaw train_law;                    ///< of the integrator: flow or discrete iteration
  };

  /// Takes r_0 at theta_0. Collective.
  Observer(Setting setting, const ShardedVector& theta_0);

  /// ||r_0|| on the training points.
  double initial_train_norm() const { return initial_train_norm_; }

  /// Collective.
  Observation observe(const ShardedVector& theta, double time) const;

 private:
  Setting setting_;
  ShardedVector theta_0_;
  double initial_train_norm_;
  Vector initial_;        // <r_0, phi_i>
  Vector train_initial_;  // the same on the eigenvectors of G/n
};

}  // namespace ntkflow
