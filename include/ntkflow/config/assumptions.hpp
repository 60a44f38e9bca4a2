#pragma once

#include "ntkflow/config/job_config.hpp"

#include <string>
#include <vector>

namespace ntkflow {

/// The assumptions of Theorem 1 that a job does not meet, a sentence each, for `ntkflow validate`.
///
/// Departures, not errors: runs outside the theorem are what the program is for as well. Its
/// quantitative conditions (m and n large enough, T not too large) are not among them: their
/// constants are not explicit.
/// Throws: ConfigError when the network's text is malformed.
/// Source: [BM22] Theorem 1: smooth activations with bounded first and second derivatives,
///         parameters N(0,1) and all trained, no biases, f(.; theta_0) = 0 by antisymmetric
///         initialisation, gradient flow, bounded inputs, training points i.i.d. from rho.
std::vector<std::string> unmet_assumptions(const JobConfig& job);

}  // namespace ntkflow
