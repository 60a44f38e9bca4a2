#pragma once

// The few routines of serial LAPACK that are faster than Eigen's. Private to room linalg.

#include "ntkflow/base/types.hpp"

namespace ntkflow {

struct SmallEigen {
  Vector eigenvalues;  ///< ascending
  Matrix vectors;
};

/// All eigenpairs of a small symmetric matrix, of which the lower triangle is read.
/// Throws: LapackError when dsyevd reports info != 0.
SmallEigen small_symmetric_eigen(Matrix matrix);

/// The eigenvalues of a symmetric tridiagonal matrix, ascending, in place of its diagonal. Returns
/// dsterf's info. Shape: diagonal n, below n - 1 or more.
int tridiagonal_eigenvalues(Vector& diagonal, Vector below);

}  // namespace ntkflow
