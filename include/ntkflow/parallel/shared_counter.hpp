#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// Numbers 0, 1, 2, ... for the ranks of a communicator to share out among themselves: whoever asks
/// gets the next one, without the others taking part. The number lives on root (MPI-3 one-sided).
/// Construction and destruction are collective; destruction while an exception is in flight leaks.
class SharedCounter {
 public:
  explicit SharedCounter(const Communicator& comm);
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  /// A number that no other call on any rank gets.
  Index next();

 private:
  MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace ntkflow
