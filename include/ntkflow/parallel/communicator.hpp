#pragma once

#include <mpi.h>

#include <source_location>
#include <string>

namespace ntkflow {

/// Throws MpiError with MPI's own text and the call site unless status is MPI_SUCCESS.
void check_mpi(int status, std::source_location where = std::source_location::current());

/// An MPI communicator of our own, whose errors are return codes that check_mpi turns into throws.
class Communicator {
 public:
  /// Its ranks are taken for the program's. Collective on parent.
  static Communicator duplicate_of(MPI_Comm parent);

  ~Communicator();
  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&& other) noexcept;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  /// The same ranks, whose messages keep apart from this one's. Collective.
  Communicator duplicate() const;

  /// Ranks of equal colour form a new communicator, ordered by key. Collective.
  Communicator split(int colour, int key) const;

  /// A duplicate for a library that does not look at MPI's return codes: a failing call ends the
  /// program with MPI's own message. Collective.
  Communicator duplicate_with_fatal_errors() const;

  /// The ranks that share a node's memory with this one. Collective.
  Communicator split_by_node() const;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool is_root() const { return rank_ == 0; }
  /// The program's ranks that share this node's memory, be they in this communicator or in another
  /// part of the one that it was split from.
  int ranks_on_node() const { return ranks_on_node_; }
  MPI_Comm native() const { return comm_; }

 private:
  Communicator(MPI_Comm owned, int ranks_on_node);
  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 1;
  int ranks_on_node_ = 1;
};

/// Host name of this process.
std::string host_name();

}  // namespace ntkflow
