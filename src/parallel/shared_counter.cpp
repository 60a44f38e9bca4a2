#include "ntkflow/parallel/shared_counter.hpp"

#include "ntkflow/parallel/collectives.hpp"

#include <exception>

namespace ntkflow {

SharedCounter::SharedCounter(const Communicator& comm) {
  const MPI_Aint bytes = comm.is_root() ? sizeof(Index) : 0;
  Index* number = nullptr;
  check_mpi(
      MPI_Win_allocate(bytes, sizeof(Index), MPI_INFO_NULL, comm.native(), &number, &window_));
  check_mpi(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN));
  if (comm.is_root()) {
    check_mpi(MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, window_));
    *number = 0;
    check_mpi(MPI_Win_unlock(0, window_));
  }
  barrier(comm);  // nobody counts before the number is there
  check_mpi(MPI_Win_lock_all(0, window_));
}

SharedCounter::~SharedCounter() {
  if (std::uncaught_exceptions() > 0) return;
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

Index SharedCounter::next() {
  const Index one = 1;
  Index mine = 0;
  check_mpi(MPI_Fetch_and_op(&one, &mine, MPI_INT64_T, 0, 0, MPI_SUM, window_));
  check_mpi(MPI_Win_flush(0, window_));
  return mine;
}

}  // namespace ntkflow
