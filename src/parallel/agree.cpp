#include "ntkflow/parallel/agree.hpp"

#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

// Of a failure that another rank need not have, whose it is; once.
std::string with_rank(const Error& error, int rank) {
  const std::string message = error.what();
  const bool local =
      error.exit_code() == ExitCode::io_failed || error.exit_code() == ExitCode::internal;
  return local && !message.starts_with("rank ") ? fmt::format("rank {}: {}", rank, message)
                                                : message;
}

}  // namespace

void throw_together(const Communicator& comm, const std::optional<Error>& failure) {
  const int mine = failure ? comm.rank() : comm.size();
  int first = mine;
  check_mpi(MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, comm.native()));
  if (first == comm.size()) return;

  int code = failure ? static_cast<int>(failure->exit_code()) : 0;
  std::string message = failure ? with_rank(*failure, comm.rank()) : "";
  check_mpi(MPI_Bcast(&code, 1, MPI_INT, first, comm.native()));
  broadcast(comm, message, first);
  throw Error(static_cast<ExitCode>(code), message);
}

}  // namespace ntkflow
