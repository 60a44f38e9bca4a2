#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"

namespace ntkflow {

/// The ranks of a process grid that share this rank's row, and those that share its column.
/// Construction is collective on the grid's communicator.
struct GridLines {
  explicit GridLines(const ProcessGrid& grid);

  Communicator row;
  Communicator column;
};

/// What belongs to the columns of a matrix, for everybody: local values in the order of
/// my_columns(), the whole in global order. Collective on the grid's members.
Vector gather_columns(const GridLines& lines, const DistMatrix& matrix, const Vector& local);

/// Z <- Q Z for columns [first, n) of Z, where Q = H_0 H_1 ... H_{n-2} is pdsytrd's for the lower
/// triangle: H_j = 1 - tau_j v v^T, v = (0, ..., 0, 1, reflectors(j + 2 : n, j)), 1 in row j + 1.
///
/// Panels of several blocks are put together and applied by products of matrices; pdormtr applies
/// one block of the layout at a time, which is slower.
/// Shape:      reflectors n x n, tau n (its last is not read), z n x n in the same layout.
/// Memory:     a panel of local rows, another of local columns.
/// Collective: on the grid's members.
/// Source:     Joffrain et al. 2006, Accumulating Householder transformations, revisited:
///             H_a ... H_b = 1 - V T V^T, T^-1 = diag(1 / tau) + the upper part of V^T V.
void back_transform(const GridLines& lines, const DistMatrix& reflectors, const Vector& tau,
                    Index first, DistMatrix& z);

}  // namespace ntkflow
