#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"

namespace ntkflow {

/// Eigenpairs of a real symmetric matrix; eigenvalues ascending, eigenvector j in column j.
struct EigenDecomposition {
  Vector eigenvalues;
  DistMatrix eigenvectors;
};

enum class EigenBackend { scalapack, elpa };

/// Whether this build has ELPA.
bool has_elpa();

/// All eigenvalues and the eigenvectors of the `vectors` largest, by reduction to tridiagonal form
/// and divide and conquer. The other columns are left without meaning.
///
/// Reads the lower triangle only (the rest must be finite, e.g. zero) and consumes its argument:
/// pass std::move(gram).
/// ELPA gives the same to rounding; it fills the upper triangle first, and finds all eigenvectors.
/// A matrix that leaves a rank of the grid without entries goes to ScaLAPACK all the same.
/// Memory:     four local matrices a rank: the argument, the eigenvectors and twice that for work.
/// Shape:      matrix n x n, square blocks, 1 <= vectors <= n; result eigenvalues n, eigenvectors
///             n x n.
/// Units:      eigenvalues carry the units of the matrix entries.
/// Collective: on matrix.grid().comm(); ranks outside the grid also receive the eigenvalues.
/// Throws:     on all ranks: NumericalError for an entry that is not finite; LapackError when
///             the backend reports an error; ConfigError for ELPA in a build without it; what
///             refuse_eigen_overflow throws.
/// Source:     ScaLAPACK Users' Guide, PDSYTRD; Tisseur and Dongarra 1999 (PDSTEDC); Marek et al.
///             2014, The ELPA library.
EigenDecomposition symmetric_eigen(DistMatrix matrix, Index vectors,
                                   EigenBackend backend = EigenBackend::scalapack);

/// The eigenvalues alone, ascending, on all ranks: without the memory and the time of the vectors.
/// Otherwise as symmetric_eigen.
Vector symmetric_eigenvalues(DistMatrix matrix);

/// To be asked before such a matrix is made: ScaLAPACK counts in 32 bits (n <= 32,700 or so on one
/// rank). Pure arithmetic, the same on every rank.
/// Throws: Error (exit 71) when pdstedc's work array has too many entries; more ranks cure it.
void refuse_eigen_overflow(const BlockCyclicLayout& layout);

}  // namespace ntkflow
