#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/progress.hpp"
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

/// Committed, and still what was committed: a stage that the disk has damaged is to be computed
/// again, and loses its marker.
bool stage_is_done(Archive& archive, std::string_view stage, Progress& progress);

/// The kernel K of the reference operator, which fixes sigma_i and phi_i.
std::unique_ptr<Kernel> reference_kernel(const Experiment& experiment);

/// Points, weights and targets.
void points_stage(Archive& archive, const ResidualField& train, const ResidualField& reference,
                  Progress& progress);

/// The kernel matrices on the training points and the network's value there.
void kernel_stage(Archive& archive, const ProcessGrid& grid, const JobConfig& job,
                  const Experiment& experiment, const ResidualField& train, Progress& progress);

/// Eigenpairs of the reference operator T_K, K = K_inf, with the eigenfunctions' Nystrom extension
/// to the training points.
KernelSpectrum reference_spectrum_stage(Archive& archive, const ProcessGrid& grid,
                                        const JobConfig& job, const Experiment& experiment,
                                        Progress& progress);

/// Eigenpairs of G/n, G the Gram matrix of K_inf on the training points; nothing when the job does
/// not ask for them.
std::optional<KernelSpectrum> train_spectrum_stage(Archive& archive, const ProcessGrid& grid,
                                                   const JobConfig& job,
                                                   const Experiment& experiment,
                                                   Progress& progress);

}  // namespace ntkflow
