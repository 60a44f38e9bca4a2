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

namespace {

const char* launcher_rank_text() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* text = std::getenv(name)) return text;
  return nullptr;
}

}  // namespace

bool started_by_launcher() {
  int initialized = 0;
  MPI_Initialized(&initialized);
  return initialized != 0 || launcher_rank_text() != nullptr;
}

int launcher_rank() {
  const char* text = launcher_rank_text();
  return text != nullptr ? std::atoi(text) : 0;
}

}  // namespace ntkflow
