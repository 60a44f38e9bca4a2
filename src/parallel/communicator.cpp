#include "ntkflow/parallel/communicator.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <utility>

namespace ntkflow {

void check_mpi(int status, std::source_location where) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = "unknown error";
  int length = 0;
  MPI_Error_string(status, text, &length);
  throw MpiError(fmt::format("MPI failed at {}:{}: {}", where.file_name(), where.line(), text));
}

namespace {

MPI_Comm duplicate_handle(MPI_Comm parent) {
  MPI_Comm comm = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(parent, &comm));
  return comm;
}

}  // namespace

Communicator::Communicator(MPI_Comm owned, int ranks_on_node)
    : comm_(owned), ranks_on_node_(ranks_on_node) {
  check_mpi(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN));
  check_mpi(MPI_Comm_rank(comm_, &rank_));
  check_mpi(MPI_Comm_size(comm_, &size_));
}

Communicator Communicator::duplicate_of(MPI_Comm parent) {
  Communicator copy(duplicate_handle(parent), 1);
  copy.ranks_on_node_ = copy.split_by_node().size();
  return copy;
}

// Freeing is collective: while an exception is in flight other ranks may not be here, so we leak.
Communicator::~Communicator() {
  if (comm_ != MPI_COMM_NULL && std::uncaught_exceptions() == 0) MPI_Comm_free(&comm_);
}

Communicator::Communicator(Communicator&& other) noexcept
    : comm_(std::exchange(other.comm_, MPI_COMM_NULL)),
      rank_(other.rank_),
      size_(other.size_),
      ranks_on_node_(other.ranks_on_node_) {}

Communicator& Communicator::operator=(Communicator&& other) noexcept {
  std::swap(comm_, other.comm_);
  std::swap(rank_, other.rank_);
  std::swap(size_, other.size_);
  std::swap(ranks_on_node_, other.ranks_on_node_);
  return *this;
}

Communicator Communicator::duplicate() const {
  return {duplicate_handle(comm_), ranks_on_node_};
}

Communicator Communicator::split(int colour, int key) const {
  MPI_Comm comm = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(comm_, colour, key, &comm));
  return {comm, ranks_on_node_};
}

Communicator Communicator::duplicate_with_fatal_errors() const {
  Communicator copy = duplicate();
  check_mpi(MPI_Comm_set_errhandler(copy.comm_, MPI_ERRORS_ARE_FATAL));
  return copy;
}

Communicator Communicator::split_by_node() const {
  MPI_Comm comm = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(comm_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &comm));
  return {comm, ranks_on_node_};
}

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace ntkflow
