#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/flow/kernel_flow.hpp"
#include "ntkflow/flow/residual_field.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"
#include "ntkflow/observe/deviation_state.hpp"
#include "ntkflow/observe/observer.hpp"
#include "ntkflow/parallel/process_grid.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include <string>
#include <vector>

namespace ntkflow {

/// What the numbers of one row belong to: nothing (the row is one number), eigenfunctions over the
/// input space (K), eigenvectors of the training set (M), all n eigenvalues on the training set, the
/// regions of rho, or this rank's training or reference points.
enum class Axis { none, mode, train_mode, train_rank, region, train_point, reference_point };

/// One quantity that is recorded at every snapshot: a dataset of the archive.
struct Quantity {
  std::string path;  ///< "/bound/lhs"
  Axis axis = Axis::none;
  std::string meaning;
};

/// What an observable may look at, for the whole run.
struct Scene {
  const ProcessGrid& grid;
  const Network& network;
  const ResidualField& train;
  const ResidualField& reference;
  const PointSets& points;
  const ShardedVector& theta_0;
  const KernelSpectrum& spectrum;          ///< of the reference operator T_K
  const KernelSpectrum* train_spectrum;    ///< of G/n, or null
  double kernel_error = 0.0;               ///< Delta = ||K - K_0||^2 in L2(rho x rho)
  double accuracy = 0.0;                   ///< eps of [BM22] Corollary 5
  double descent_step = 0.0;               ///< eta of gradient descent; 0: a flow
  const KernelOnFields* kernel = nullptr;  ///< K of T_K on both point sets, where it is asked for
};

/// What an observable may look at, at one snapshot.
struct Moment {
  const Observation& seen;
  const ShardedVector& theta;
  const DeviationState& deviation;
  bool inspects_kernel = true;  ///< whether costly looks at K_t are due
};

/// Something that can be recorded of a run, on demand. Beside observe(), a class has
///     static std::vector<Quantity> quantities();
///     explicit Class(const Scene&);
/// so that the archive can be laid out before anything is computed.
class Observable {
 public:
  virtual ~Observable() = default;

  /// A row for each of quantities(), in that order; entries that do not apply are NaN.
  /// Collective.
  virtual std::vector<Vector> observe(const Moment& moment) const = 0;
};

/// A row of one number.
inline Vector row_of(double value) {
  return Vector::Constant(1, value);
}

}  // namespace ntkflow
