#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"

namespace ntkflow {

/// All eigenpairs of a real symmetric matrix; eigenvalues ascending, eigenvector j in column j.
struct EigenDecomposition {
  Vector eigenvalues;
  DistMatrix eigenvectors;
};

/// Eigenpairs by reduction to tridiagonal form and divide and conquer.
///
/// Reads the lower triangle only and consumes its argument: pass std::move(gram).
/// Shape:      matrix n x n, square blocks, n >= 1; result eigenvalues n, eigenvectors n x n.
/// Units:      eigenvalues carry the units of the matrix entries.
/// Collective: on matrix.grid().comm(); ranks outside the grid also receive the eigenvalues.
/// Throws:     LapackError on all ranks when pdsyevd reports info != 0.
/// Source:     ScaLAPACK Users' Guide, PDSYEVD.
EigenDecomposition symmetric_eigen(DistMatrix matrix);

}  // namespace ntkflow
