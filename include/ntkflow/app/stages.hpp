#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/progress.hpp"
#include "ntkflow/app/stop_request.hpp"
#include "ntkflow/archive/archive.hpp"
#include "ntkflow/parallel/process_grid.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ntkflow {

// Each stage is computed and committed once: a run that is resumed reads it back. All are
// collective.

/// The datasets of /kernel that a job asks for.
std::vector<std::string_view> kernel_datasets(const KernelSpec& spec);

/// Whether a stage is committed and still what was committed; one that the disk has damaged is
/// withdrawn, to be computed again.
bool stage_is_done(Archive& archive, std::string_view stage, Progress& progress);

/// Points, weights and targets.
void points_stage(Archive& archive, const ResidualField& train, const ResidualField& reference,
                  Progress& progress);

/// The kernel matrices on the training points and the network's value there.
void kernel_stage(Archive& archive, const ProcessGrid& grid, const JobConfig& job,
                  const Experiment& experiment, const ResidualField& train, Progress& progress);

/// Eigenpairs of the reference operator T_K, K the kernel of [reference] kernel, with the
/// eigenfunctions' Nystrom extension to the training points.
/// Throws: StopRequested between two passes of the Krylov solver; nothing is committed then.
KernelSpectrum reference_spectrum_stage(Archive& archive, const ProcessGrid& grid,
                                        const JobConfig& job, const Experiment& experiment,
                                        const StopRequest& stop, Progress& progress);

/// Eigenpairs of G/n, G the Gram matrix of that kernel on the training points; nothing when the job does
/// not ask for them.
std::optional<KernelSpectrum> train_spectrum_stage(Archive& archive, const ProcessGrid& grid,
                                                   const JobConfig& job,
                                                   const Experiment& experiment,
                                                   Progress& progress);

}  // namespace ntkflow
