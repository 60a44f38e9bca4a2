#pragma once

#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// Gives BLAS (cores this node's ranks may use) / (ranks on the node) threads, at least one, unless
/// OPENBLAS_NUM_THREADS or OMP_NUM_THREADS already says how many. Returns one sentence for the log.
/// Collective.
std::string set_blas_threads(const Communicator& comm);

/// How many threads BLAS takes on this rank; 1 where it does not say.
int blas_threads();

}  // namespace ntkflow
