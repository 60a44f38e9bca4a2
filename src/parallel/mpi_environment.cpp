#include "ntkflow/parallel/mpi_environment.hpp"

#include "ntkflow/parallel/communicator.hpp"

#include <cstdlib>
#include <exception>

namespace ntkflow {

MpiEnvironment::MpiEnvironment(int& argc, char**& argv)
    : exceptions_at_start_(std::uncaught_exceptions()) {
  int provided = 0;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided));
}

MpiEnvironment::~MpiEnvironment() {
  if (std::uncaught_exceptions() == exceptions_at_start_) MPI_Finalize();
}

bool started_by_launcher() {
  int initialized = 0;
  MPI_Initialized(&initialized);
  return initialized != 0 || std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr ||
         std::getenv("PMIX_RANK") != nullptr || std::getenv("PMI_RANK") != nullptr;
}

}  // namespace ntkflow
