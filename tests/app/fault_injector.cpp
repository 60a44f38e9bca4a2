// Preloaded into every rank of a run, lets one of them fail at a chosen point of its work.
//
//   NTKFLOW_FAULT=RANK:POINT:COUNT:ACTION    at that rank's COUNT-th arrival there; RANK * is all
//
//   point        which call of the program it is
//   creation     opening an archive that this run may write
//   spectrum     ScaLAPACK's eigensolver
//   evaluation   the sum of a gradient over the ranks
//   snapshot     writing to /trajectory
//   checkpoint   writing to /checkpoint
//   close        closing an archive that this run may write
//
//   throw        an exception            abort, segv, kill    that signal
//   no_memory    std::bad_alloc          mpirun               SIGKILL to mpirun, the rank's parent
//   fail         the call returns an error, where it is H5Dwrite or MPI_Reduce_scatter
//   nan          the sum has one NaN     (evaluation)

#include <dlfcn.h>
#include <hdf5.h>
#include <mpi.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

struct Fault {
  std::string rank, point, action;
  long count = 0;

  Fault() {
    const char* text = std::getenv("NTKFLOW_FAULT");
    std::istringstream fields(text != nullptr ? text : "");
    std::string number;
    std::getline(fields, rank, ':');
    std::getline(fields, point, ':');
    std::getline(fields, number, ':');
    std::getline(fields, action);
    count = std::atol(number.c_str());
    const char* mine = std::getenv("OMPI_COMM_WORLD_RANK");
    if (mine == nullptr || (rank != "*" && rank != mine)) point.clear();
  }
};

void happen(const std::string& action) {
  if (action == "throw") throw std::runtime_error("injected fault");
  if (action == "no_memory") throw std::bad_alloc();
  if (action == "abort") std::abort();
  if (action == "segv") std::raise(SIGSEGV);
  if (action == "kill") std::raise(SIGKILL);
  if (action == "mpirun") kill(getppid(), SIGKILL);
}

// What happened here, when the call itself is to go wrong.
std::string arrive(const char* point) {
  static Fault fault;
  if (fault.point != point || --fault.count != 0) return "";
  happen(fault.action);
  return fault.action;
}

template <typename Function>
Function* next_of(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_for_writing(hid_t file) {
  unsigned intent = H5F_ACC_RDONLY;
  return H5Iget_type(file) == H5I_FILE && H5Fget_intent(file, &intent) >= 0 &&
         (intent & H5F_ACC_RDWR) != 0;
}

bool is_below(hid_t dataset, const char* folder) {
  char name[64] = {};
  H5Iget_name(dataset, name, sizeof name);
  return std::string(name).starts_with(folder);
}

}  // namespace

#define NTKFLOW_NEXT(name) static const auto real = next_of<decltype(name)>(#name)

extern "C" {

hid_t H5Fopen(const char* path, unsigned flags, hid_t access) {
  NTKFLOW_NEXT(H5Fopen);
  if (flags == H5F_ACC_RDWR) arrive("creation");
  return real(path, flags, access);
}

herr_t H5Fclose(hid_t file) {
  NTKFLOW_NEXT(H5Fclose);
  if (is_for_writing(file)) arrive("close");
  return real(file);
}

herr_t H5Dwrite(hid_t dataset, hid_t type, hid_t memory, hid_t space, hid_t transfer,
                const void* values) {
  NTKFLOW_NEXT(H5Dwrite);
  if (is_below(dataset, "/trajectory/") && arrive("snapshot") == "fail") return -1;
  if (is_below(dataset, "/checkpoint/") && arrive("checkpoint") == "fail") return -1;
  return real(dataset, type, memory, space, transfer, values);
}

int MPI_Reduce_scatter(const void* send, void* receive, const int* counts, MPI_Datatype type,
                       MPI_Op operation, MPI_Comm comm) {
  NTKFLOW_NEXT(MPI_Reduce_scatter);
  const std::string fault = arrive("evaluation");
  if (fault == "fail") return MPI_ERR_OTHER;
  const int status = real(send, receive, counts, type, operation, comm);
  if (fault == "nan") *static_cast<double*>(receive) = std::numeric_limits<double>::quiet_NaN();
  return status;
}

// Fortran's: the length of the text comes last.
void pdsytrd_(const char* triangle, const int* n, double* a, const int* ia, const int* ja,
              const int* layout, double* d, double* e, double* tau, double* work, const int* lwork,
              int* info, std::size_t length) {
  NTKFLOW_NEXT(pdsytrd_);
  arrive("spectrum");
  real(triangle, n, a, ia, ja, layout, d, e, tau, work, lwork, info, length);
}

}  // extern "C"
