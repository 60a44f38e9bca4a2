#pragma once

#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"
#include "ntkflow/parallel/process_grid.hpp"

namespace ntkflow {

/// Which part of a symmetric matrix is wanted. With `lower`, tiles wholly above the diagonal stay
/// zero.
enum class Triangle { lower, full };

/// Points whose features an assembly keeps at most: memory does not grow with n, and preparing the
/// columns anew for every so many rows costs little beside the tiles.
constexpr Index assembled_rows = 4096, assembled_columns = 512;

/// The Gram matrix K(z_i, z_j), block-cyclic, each tile computed where it lives, without
/// communication. A rank sees the points of its block rows and block columns only.
/// Memory:     the matrix; the features of assembled_rows rows and assembled_columns columns.
/// Collective: on grid.comm().
/// Throws:     on all ranks: Error (exit 78) for a kernel value that is not finite; what the points
///             and the kernel throw.
DistMatrix assemble_gram(const ProcessGrid& grid, const Kernel& kernel, const PointSet& points,
                         Triangle triangle);

/// Of a kernel as an operator on functions at weighted points: W^{1/2} K W^{1/2}, lower triangle.
/// Otherwise as assemble_gram.
DistMatrix assemble_weighted_gram(const ProcessGrid& grid, const Kernel& kernel,
                                  const PointSet& points);

}  // namespace ntkflow
