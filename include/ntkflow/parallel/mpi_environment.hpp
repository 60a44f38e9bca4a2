#pragma once

namespace ntkflow {

/// MPI's lifetime. Only the main thread calls MPI (MPI_THREAD_FUNNELED).
/// Leaving the scope by an exception does not finalize: the caller aborts instead.
class MpiEnvironment {
 public:
  /// Collective. Throws: MpiError when the library cannot be started.
  MpiEnvironment(int& argc, char**& argv);
  ~MpiEnvironment();
  MpiEnvironment(const MpiEnvironment&) = delete;
  MpiEnvironment& operator=(const MpiEnvironment&) = delete;

 private:
  int exceptions_at_start_;
};

/// True inside a process that mpirun (or Slurm's launcher) started, or when MPI runs already.
bool started_by_launcher();

/// Rank that the launcher gave this process, known before MPI is started; 0 without a launcher.
int launcher_rank();

}  // namespace ntkflow
