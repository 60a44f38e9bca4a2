#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/progress.hpp"
#include "ntkflow/archive/archive.hpp"
#include "ntkflow/archive/archive_datasets.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"

namespace ntkflow {

/// Which closed forms belong to a job: exact spectra where rho is uniform on a circle or sphere, an
/// approximation for other densities on the circle, the ideal flow's times for harmonics on S^2 with
/// hemispheres of unequal density.
ClosedFormSizes closed_form_sizes(const JobConfig& job, const PointSet& reference);

/// What is known of K_inf beside the spectrum that was computed; nothing for most inputs.
/// Computed and committed once. Collective.
void closed_form_stage(Archive& archive, const JobConfig& job, const Experiment& experiment,
                       const KernelSpectrum& spectrum, Progress& progress);

}  // namespace ntkflow
