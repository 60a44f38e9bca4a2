#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/linalg/symmetric_operator.hpp"

#include <cstdint>
#include <functional>

namespace ntkflow {

/// Where the solver stands after a pass over the matrix.
struct KrylovProgress {
  Index passes = 0;               ///< products of the matrix with a block so far
  Index columns = 0;              ///< of the basis
  Index converged = 0;            ///< leading pairs in a row whose residual is small enough
  double largest_eigenvalue = 0;  ///< lambda_1 as known so far
  double residual = 0;            ///< largest ||A v - lambda v|| of the pairs asked for
};

struct KrylovOptions {
  Index eigenpairs = 0;      ///< how many are wanted; >= 1
  double tolerance = 1e-10;  ///< of ||A v - lambda v||, relative to lambda_1
  Index most_columns = 0;    ///< of the basis before it is restarted; 0: krylov_columns()
  Index most_passes = 300;
  std::uint64_t seed = 0;  ///< of the random start

  /// Called on every rank after each pass with the same numbers; may throw on all ranks together.
  std::function<void(const KrylovProgress&)> after_pass = [](const KrylovProgress&) {};
};

/// The largest eigenvalues, descending, and their orthonormal eigenvectors.
struct KrylovPairs {
  Vector eigenvalues;
  RowBlocks vectors;    ///< n x count
  Vector residuals;     ///< ||A v - lambda v||, to about 1e-14 ||A||
  double smallest = 0;  ///< smallest Ritz value: below 0 by more than rounding, A is indefinite
  Index passes = 0;
};

/// Vectors in a block, and columns of the whole basis when nobody limits it, for so many pairs of an
/// n x n matrix. Up to 200 pairs a block has more vectors than pairs are wanted, so that an
/// eigenspace is found with all its members or with more of them than were asked for.
Index krylov_block(Index n, Index eigenpairs);
Index krylov_columns(Index n, Index eigenpairs);

/// The eigenpairs with the largest eigenvalues of a symmetric matrix, by block Krylov.
///
/// Q_1 is a random orthonormal block; each pass multiplies the newest block by A, makes what comes
/// orthogonal to the whole basis (twice) and appends it; the Ritz pairs of the basis are those of
/// H = Q^T A Q. Nothing of A Q is kept: A Q y - theta Q y = R y_last, where R is what the newest
/// block left outside the basis and y_last the last rows of y, gives every residual for free. When
/// the basis is full it is restarted from its leading Ritz vectors and R (thick restart).
/// One pair more than asked for is returned where there is one, to a tolerance 1,000 times wider:
/// it tells whether the last one asked for has company in its eigenspace. Where the block has not
/// more vectors than pairs are wanted, members of a larger eigenspace could hide: then two more
/// passes with a new random block, orthogonal to all that was found, look for them.
///
/// Shape:      min(eigenpairs + 1, n) pairs.
/// Memory:     a rank's rows of the basis, krylov_columns() or most_columns of them, and of four
///             blocks.
/// Communication: beside A's own, a sum of columns x block numbers for each orthogonalisation (two
///             a pass) and a gather of ranks x block^2.
/// Collective: on the operator's comm(). Every rank gets the same eigenvalues to the last bit; on
///             other numbers of ranks they agree to rounding.
/// Throws:     on all ranks: NumericalError where a product is not finite, or after most_passes;
///             Error (exit 78) when LAPACK fails on a small matrix; what the operator and after_pass
///             throw.
/// Source:     Golub and Underwood 1977, The block Lanczos method; Wu and Simon 2000, Thick-restart
///             Lanczos; Stewart 2008, Block Gram-Schmidt orthogonalization.
KrylovPairs largest_eigenpairs(const SymmetricOperator& matrix, const KrylovOptions& options);

}  // namespace ntkflow
