#include "ntkflow/parallel/exchange.hpp"

#include "ntkflow/base/types.hpp"

namespace ntkflow {

void exchange(const Communicator& comm, std::span<const double> leaving, int to,
              std::span<double> arriving, int from) {
  constexpr int tag = 0;
  check_mpi(MPI_Sendrecv(leaving.data(), to_int(count_of(leaving), "message length"), MPI_DOUBLE,
                         to, tag, arriving.data(), to_int(count_of(arriving), "message length"),
                         MPI_DOUBLE, from, tag, comm.native(), MPI_STATUS_IGNORE));
}

}  // namespace ntkflow
