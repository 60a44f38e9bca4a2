#pragma once

#include "ntkflow/flow/flow_state.hpp"
#include "ntkflow/flow/gradient_flow.hpp"

#include <functional>

namespace ntkflow {

/// A self-adjoint operator on functions given at this rank's training points.
using TrainingOperator = std::function<Vector(const Vector& u)>;

/// Puts an upper estimate of T_n^t's largest eigenvalue into the state, by `iterations` of the
/// power method, a tenth added: from a random direction the first time, from the last one later.
/// Collective.
/// Throws: NumericalError where that is not finite.
void estimate_spectral_radius(const ResidualField& train, const TrainingOperator& apply,
                              FlowState& state, int iterations);

/// The same with J J^T W at the state. Cost: a forward pass, and a vjp and a jvp an
/// iteration, which are counted.
void estimate_spectral_radius(const GradientFlow& flow, FlowState& state, int iterations);

}  // namespace ntkflow
