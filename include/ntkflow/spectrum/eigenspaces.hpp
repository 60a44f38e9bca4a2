#pragma once

#include "ntkflow/base/types.hpp"

#include <vector>

namespace ntkflow {

/// Which of the largest eigenpairs are kept, and which of them share an eigenspace.
struct EigenspaceChoice {
  std::vector<Index> eigenspace;  ///< of each kept pair: 0, 0, 1, 2, 2, ...
  Index dropped = 0;     ///< of the pairs asked for: in an eigenspace that reaches rounding
  Index incomplete = 0;  ///< of the pairs asked for: in an eigenspace that passes the last

  Index count() const { return count_of(eigenspace); }

  /// The pairs [first, last) of each eigenspace, in order.
  std::vector<IndexRange> ranges() const;
};

/// Groups eigenvalues into eigenspaces and keeps whole ones only, at most `eigenpairs` pairs.
///
/// Neighbours belong together when their gap is at most 1e-6 of the larger one, or at most 1e-13 of
/// the largest of all, chained. A gap relative to the eigenvalue itself, because one relative to
/// sigma_1 would chain the whole tail of a decaying spectrum into one group and mix eigenfunctions
/// of different eigenvalues (circle: sigma_q - sigma_(q+1) ~ 1 / (pi^2 q^3)). 1e-13 sigma_1 is the
/// rounding error of a dense decomposition (some tens of eps) with room to spare: eigenvectors
/// whose eigenvalues are nearer than that are not determined one by one.
/// An eigenspace with a member below 1e-12 sigma_1 is rounding, and dropped.
/// Shape: descending all eigenvalues of the matrix, sigma_1 > 0 first.
EigenspaceChoice choose_eigenspaces(const Vector& descending, Index eigenpairs);

/// One past the last pair of the eigenspace that begins at pair `first`.
Index eigenspace_end(const Vector& descending, Index first);

}  // namespace ntkflow
