#include "ntkflow/parallel/exchange.hpp"

#include "ntkflow/base/types.hpp"

namespace ntkflow {
namespace {

constexpr int tag = 0;

}

void exchange(const Communicator& comm, std::span<const double> leaving, int to,
              std::span<double> arriving, int from) {
  check_mpi(MPI_Sendrecv(leaving.data(), to_int(count_of(leaving), "message length"), MPI_DOUBLE,
                         to, tag, arriving.data(), to_int(count_of(arriving), "message length"),
                         MPI_DOUBLE, from, tag, comm.native(), MPI_STATUS_IGNORE));
}

void send(const Communicator& comm, std::span<const double> values, int to) {
  check_mpi(MPI_Send(values.data(), to_int(count_of(values), "message length"), MPI_DOUBLE, to, tag,
                     comm.native()));
}

void receive(const Communicator& comm, std::span<double> values, int from) {
  check_mpi(MPI_Recv(values.data(), to_int(count_of(values), "message length"), MPI_DOUBLE, from,
                     tag, comm.native(), MPI_STATUS_IGNORE));
}

}  // namespace ntkflow
