#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/progress.hpp"
#include "ntkflow/archive/archive.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include <vector>

namespace ntkflow {

// What observables need once before the flow, and what follows from a whole run. All are
// collective, and committed once like the other stages.

/// Whether a job needs ||K_0 - K||.
bool needs_kernel_distance(const JobConfig& job);

/// ||K_0 - K|| and ||K|| on the training points and on the reference points, K the kernel of the
/// reference operator. Returns the square of ||K - K_0|| in L2(rho x rho), the Delta of [BM22].
double kernel_distance_stage(Archive& archive, const JobConfig& job, const Experiment& experiment,
                             Progress& progress);

/// What is known of r_0 by the eigenfunctions alone: its coefficients, what lies beyond each
/// phi_k, its norm in the kernel's space, and fitted power laws.
void target_stage(Archive& archive, const KernelSpectrum& spectrum, const ResidualField& reference,
                  const ShardedVector& theta_0, Progress& progress);

/// After the last snapshot: convergence times for each of the job's thresholds.
void convergence_stage(Archive& archive, const JobConfig& job, const std::vector<double>& times,
                       const KernelSpectrum& spectrum, Progress& progress);

/// One line: whether Theorem 1 held at every snapshot, and where it came nearest to failing.
void report_bounds(const Archive& archive, const std::vector<double>& times,
                   const KernelSpectrum& spectrum, Progress& progress);

}  // namespace ntkflow
