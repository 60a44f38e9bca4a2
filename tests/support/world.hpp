#pragma once

#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// The communicator of all ranks of a test. Never freed: MPI is finalized before statics are.
inline const Communicator& world() {
  static const auto* comm = new Communicator(Communicator::duplicate_of(MPI_COMM_WORLD));
  return *comm;
}

}  // namespace ntkflow
