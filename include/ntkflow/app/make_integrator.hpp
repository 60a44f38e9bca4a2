#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/flow/integrator.hpp"

#include <memory>

namespace ntkflow {

/// The integrator that a job asks for; initial_norm is ||r_0|| on the training points.
/// Collective.
std::unique_ptr<Integrator> make_integrator(const FlowSpec& spec, const GradientFlow& flow,
                                            const ShardedVector& theta_0, double initial_norm);

/// What it integrates.
Model model_of(const FlowSpec& spec);

/// Whether that integrator's state has a KernelMemory: `exponential` is FilteredExponential, or,
/// where a tight tolerance pays for a decomposition a step and n allows one,
/// ExponentialRungeKutta.
bool keeps_kernel_memory(const FlowSpec& spec, Index n_samples);

}  // namespace ntkflow
