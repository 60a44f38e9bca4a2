#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/linalg/block_krylov.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/parallel/process_grid.hpp"
#include "ntkflow/spectrum/kernel_operator.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace ntkflow {

/// The largest eigenpairs of a kernel's integral operator on weighted points:
/// (T g)(x) = sum_j w_j K(x, z_j) g(z_j), T phi_i = sigma_i phi_i, <phi_i, phi_j> = delta_ij with
/// <g, h> = sum_j w_j g(z_j) h(z_j).
struct KernelSpectrum {
  Vector eigenvalues;             ///< sigma_1 >= sigma_2 >= ..., K of them
  std::vector<Index> eigenspace;  ///< 0, 0, 1, 2, 2, ...: equal for degenerate pairs; K
  RowBlocks eigenfunctions;       ///< phi_i(z_j), N x K
  Vector my_weights;              ///< w_j of this rank's rows

  Index count() const { return eigenvalues.size(); }
};

/// A spectrum as the solver gave it, with what was not kept.
struct ComputedSpectrum : KernelSpectrum {
  Vector all_eigenvalues;  ///< every one that the solver found, descending
  Index dropped = 0;       ///< pairs asked for but left out as rounding (see choose_eigenspaces)
  Index incomplete = 0;    ///< pairs left out because their eigenspace passes the last asked for
  double smallest = 0;     ///< the smallest eigenvalue, or Ritz value, that the solver saw

  // Of the dense solvers only.
  double decomposition_s = 0;  ///< seconds, without assembly and redistribution

  // Of the Krylov solver only.
  Vector residuals;  ///< ||A v - sigma v|| of each kept pair, A = W^{1/2} K W^{1/2}
  Index passes = 0;  ///< over the matrix
  KernelWork work;   ///< of this rank
};

enum class Solver { dense, elpa, krylov };  ///< dense: ScaLAPACK

struct SpectrumOptions {
  Index eigenpairs = 0;    ///< keep at most so many, whole eigenspaces only; >= 1
  std::uint64_t seed = 0;  ///< fixes signs, and the basis inside each degenerate eigenspace
  Solver solver = Solver::dense;

  // Of the Krylov solver; see KrylovOptions.
  double tolerance = 1e-10;
  Index most_columns = 0;
  std::function<void(const KrylovProgress&)> after_pass = [](const KrylovProgress&) {};
};

/// Eigenpairs of W^{1/2} K W^{1/2} by ScaLAPACK or ELPA, which find every eigenvalue, or the largest by
/// block Krylov, which stores no matrix; phi_i(z_j) = v_ij / sqrt(w_j).
///
/// Signs and bases are arbitrary and would depend on the number of ranks. They are fixed thus: in an
/// eigenspace V of g columns take g Gaussian vectors S; V^T W^{1/2} S = Q R, diag R > 0; use V Q.
/// For equal weights 1/n the eigenvalues are those of G/n, G the Gram matrix, and its eigenvectors
/// of unit length are eigenfunctions / sqrt(n).
/// Shape:      N = points.count() >= 1, K <= min(eigenpairs, N).
/// Memory:     dense: four times N^2 / ranks numbers, then K N / ranks; Krylov: see
///             largest_eigenpairs and KernelOperator.
/// Collective: on grid.comm().
/// Throws:     on all ranks: ConfigError for a weight that is not positive, or when the first
///             eigenspace alone has more members than options.eigenpairs; NumericalError when the
///             kernel is zero; what assemble_gram and the solvers throw.
/// Source:     the quadrature (Nystrom) method for integral equations, e.g. Williams and Seeger
///             2001; which pairs are kept: eigenspaces.hpp.
ComputedSpectrum kernel_spectrum(const ProcessGrid& grid, const Kernel& kernel,
                                 const PointSet& points, const SpectrumOptions& options);

/// Coefficients <g, phi_i> = sum_j w_j g(z_j) phi_i(z_j) of a function given at this rank's points.
/// On the training points (w = 1/n) these are the components on the unit eigenvectors of G/n,
/// divided by sqrt(n). Shape: my_values = local rows of the eigenfunctions; result K. Collective.
Vector project(const Communicator& comm, const KernelSpectrum& spectrum, const Vector& my_values);

}  // namespace ntkflow
