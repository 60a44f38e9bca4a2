#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/parallel/process_grid.hpp"

namespace ntkflow {

/// The largest eigenpairs of a kernel's integral operator on weighted points:
/// (T g)(x) = sum_j w_j K(x, z_j) g(z_j), T phi_i = sigma_i phi_i, <phi_i, phi_j> = delta_ij with
/// <g, h> = sum_j w_j g(z_j) h(z_j).
struct KernelSpectrum {
  Vector eigenvalues;             ///< sigma_1 >= sigma_2 >= ..., K of them
  std::vector<Index> eigenspace;  ///< 0, 0, 1, 2, 2, ...: equal for degenerate pairs; K
  RowBlocks eigenfunctions;       ///< phi_i(z_j), N x K
  Vector my_weights;              ///< w_j of this rank's rows
  Index dropped = 0;              ///< eigenvalues below 1e-12 sigma_1 among the first asked for
  Index incomplete = 0;           ///< pairs left out because their eigenspace passes the last asked for

  Index count() const { return eigenvalues.size(); }
};

struct SpectrumOptions {
  Index eigenpairs = 0;  ///< at most so many
  std::uint64_t seed = 0;
};

/// The Gram matrix K(z_i, z_j), block-cyclic; only tiles that meet the lower triangle are computed
/// (Triangle::lower), each where it lives. Memory: the matrix and one tile a rank.
/// Collective on the grid's communicator.
enum class Triangle { lower, full };
DistMatrix assemble_gram(const ProcessGrid& grid, const Kernel& kernel, const PointSet& points,
                         Triangle triangle);

/// Eigenpairs of W^{1/2} K W^{1/2} by ScaLAPACK; phi_i(z_j) = v_ij / sqrt(w_j), in the basis that
/// choose_eigenbasis fixes inside each degenerate eigenspace.
/// For a point set with equal weights 1/n the eigenvalues are those of G/n and the eigenvectors of
/// unit length are eigenfunctions / sqrt(n).
/// Collective. Throws: LapackError; ConfigError when the first eigenspace alone has more members
/// than options.eigenpairs.
KernelSpectrum kernel_spectrum(const ProcessGrid& grid, const Kernel& kernel,
                               const PointSet& points, const SpectrumOptions& options);

}  // namespace ntkflow
