#pragma once

#include "ntkflow/spectrum/kernel_spectrum.hpp"

namespace ntkflow {

/// A kernel's eigenfunctions at any points of the input space:
/// phi_i(x) = (1 / sigma_i) sum_j w_j K(x, z_j) phi_i(z_j), z_j the points that the spectrum is of.
/// Rounding errors are those of phi times sigma_1 / sigma_i.
///
/// Shape:      targets.count() x spectrum.count(), row blocks over all ranks.
/// Memory:     a rank's result, the features of its points z_j, and one tile.
/// Collective: on comm, that of the spectrum's grid.
/// Throws:     on all ranks: Error (exit 78) where the result is not finite; what the points and
///             the kernel throw.
/// Source:     Williams and Seeger 2001, Using the Nystrom method to speed up kernel machines.
RowBlocks nystrom_extension(const Communicator& comm, const Kernel& kernel,
                            const PointSet& reference, const KernelSpectrum& spectrum,
                            const PointSet& targets);

}  // namespace ntkflow
