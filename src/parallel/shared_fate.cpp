#include "ntkflow/parallel/shared_fate.hpp"

#include "ntkflow/base/clock.hpp"

#include <chrono>
#include <cstdlib>
#include <thread>

namespace ntkflow {

bool all_ranks_arrive(const Communicator& comm) {
  constexpr double patience_s = 5.0;
  MPI_Request request = MPI_REQUEST_NULL;
  if (MPI_Ibarrier(comm.native(), &request) != MPI_SUCCESS) return false;
  const Stopwatch watch;
  for (int arrived = 0; arrived == 0;) {
    if (MPI_Test(&request, &arrived, MPI_STATUS_IGNORE) != MPI_SUCCESS) return false;
    if (arrived == 0 && watch.elapsed_s() > patience_s) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void abort_program(const Communicator& comm, int exit_code) {
  MPI_Abort(comm.native(), exit_code);
  std::abort();
}

void abort_together(const Communicator& comm, int exit_code) {
  all_ranks_arrive(comm);
  abort_program(comm, exit_code);
}

}  // namespace ntkflow
