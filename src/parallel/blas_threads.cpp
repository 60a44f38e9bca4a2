#include "ntkflow/parallel/blas_threads.hpp"

#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cstdlib>

// Weak: another BLAS may stand in for OpenBLAS at link time or by Debian's alternatives.
extern "C" void openblas_set_num_threads(int) __attribute__((weak));
extern "C" int openblas_get_num_threads() __attribute__((weak));

namespace ntkflow {
namespace {

cpu_set_t allowed_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(0, sizeof cores, &cores);
  return cores;
}

// Cores that at least one rank of the node may use: mpirun may have bound each rank to its own.
int cores_of_node(const Communicator& node) {
  cpu_set_t cores = allowed_cores();
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &cores, static_cast<int>(sizeof cores), MPI_BYTE, MPI_BOR,
                          node.native()));
  return CPU_COUNT(&cores);
}

}  // namespace

std::string set_blas_threads(const Communicator& comm) {
  const Communicator node = comm.split_by_node();
  const int cores = cores_of_node(node);
  for (const char* name : {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"})
    if (const char* value = std::getenv(name))
      return fmt::format("BLAS threads a rank: {} ({})", value, name);
  if (openblas_set_num_threads == nullptr)
    return "BLAS threads a rank: unknown, this BLAS is not OpenBLAS";
  const int threads = std::max(1, cores / node.size());
  openblas_set_num_threads(threads);
  return fmt::format("BLAS threads a rank: {} ({} cores, {} ranks on the node)", threads, cores,
                     node.size());
}

int blas_threads() {
  return openblas_get_num_threads == nullptr ? 1 : openblas_get_num_threads();
}

}  // namespace ntkflow
