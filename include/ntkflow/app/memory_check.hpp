#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// Refuses a job whose largest arrays cannot fit the machine, before anything large is allocated or
/// any output made: a decomposition takes four n x n matrices spread over the ranks, training three
/// whole vectors of the parameters on every rank.
/// Shape:      n_points: of the larger of the two point sets.
/// Collective.
/// Throws:     Error (exit 71) on all ranks, with the numbers.
void refuse_more_than_memory(const Communicator& world, Index n_points, Index n_parameters);

}  // namespace ntkflow
