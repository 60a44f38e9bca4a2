#pragma once

#include "ntkflow/spectrum/kernel_spectrum.hpp"

namespace ntkflow {

/// sum_j w_j K(x, z_j) phi_i(z_j) at any points x of the input space, z_j the points that the spectrum
/// is of: where K is its own kernel, sigma_i times the eigenfunctions there.
///
/// Shape:      targets.count() x spectrum.count(), row blocks over all ranks.
/// Memory:     a rank's result, the features of its points z_j, and one tile.
/// Collective: on comm, that of the spectrum's grid.
/// Throws:     on all ranks: Error (exit 78) where the result is not finite; what the points and
///             the kernel throw.
RowBlocks kernel_image(const Communicator& comm, const Kernel& kernel, const PointSet& points,
                       const KernelSpectrum& spectrum, const PointSet& targets);

/// A kernel's eigenfunctions at any points of the input space:
/// phi_i(x) = (1 / sigma_i) sum_j w_j K(x, z_j) phi_i(z_j), z_j the points that the spectrum is of.
/// Rounding errors are those of phi times sigma_1 / sigma_i. Shape, memory, errors: as kernel_image().
/// Source: Williams and Seeger 2001, Using the Nystrom method to speed up kernel machines.
RowBlocks nystrom_extension(const Communicator& comm, const Kernel& kernel,
                            const PointSet& reference, const KernelSpectrum& spectrum,
                            const PointSet& targets);

}  // namespace ntkflow
