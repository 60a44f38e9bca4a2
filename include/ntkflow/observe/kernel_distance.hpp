#pragma once

#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// Norms in L2 of the points' weights squared: ||A||^2 = sum_ij w_i w_j A(z_i, z_j)^2. On n points
/// of equal weight this is the Frobenius norm of the matrix divided by n.
struct KernelDistance {
  double distance = 0.0;  ///< ||A - B||
  double norm = 0.0;      ///< ||B||

  double relative() const { return norm > 0.0 ? distance / norm : distance; }
};

/// A kernel and the points as it wants to see them.
struct KernelOnPoints {
  const Kernel& kernel;
  const PointSet& points;
};

/// How far two kernels are apart on the same points, with the weights of a's, one triangle, a tile at a time: neither matrix is
/// ever stored.
/// Memory:     both kernels' features of about 1,250 points, and two tiles.
/// Cost:       half the entries of both matrices; each rank prepares the points that its tiles need.
/// Collective: on comm.
/// Throws:     on all ranks: NumericalError when an entry is not finite; what the points and the
///             kernels throw.
KernelDistance kernel_distance(const Communicator& comm, const KernelOnPoints& a,
                               const KernelOnPoints& b);

}  // namespace ntkflow
