#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/flow/integrator.hpp"

#include <memory>

namespace ntkflow {

/// The integrator that a job asks for; initial_norm is ||r_0|| on the training points.
std::unique_ptr<Integrator> make_integrator(const FlowSpec& spec, const GradientFlow& flow,
                                            double initial_norm);

/// Whether that integrator's state has a KernelMemory.
bool keeps_kernel_memory(const FlowSpec& spec);

}  // namespace ntkflow
