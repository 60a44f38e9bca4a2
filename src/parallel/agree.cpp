#include "ntkflow/parallel/agree.hpp"

#include "ntkflow/parallel/collectives.hpp"

namespace ntkflow {

void throw_together(const Communicator& comm, const std::optional<Error>& failure) {
  const int mine = failure ? comm.rank() : comm.size();
  int first = mine;
  check_mpi(MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, comm.native()));
  if (first == comm.size()) return;

  int code = failure ? static_cast<int>(failure->exit_code()) : 0;
  std::string message = failure ? failure->what() : "";
  check_mpi(MPI_Bcast(&code, 1, MPI_INT, first, comm.native()));
  broadcast(comm, message, first);
  throw Error(static_cast<ExitCode>(code), message);
}

}  // namespace ntkflow
