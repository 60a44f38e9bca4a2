#pragma once

#include "ntkflow/archive/archive.hpp"

#include <string>
#include <string_view>

namespace ntkflow {

/// Names of the hosts of a communicator, in the order of their ranks, each once in a row.
/// Collective.
std::string host_list(const Communicator& comm);

/// The row of /runs that tells of this start of the program: when, where, how it ended. /runs is
/// not under commit; when its rows are used up, the oldest are written over.
class RunLog {
 public:
  /// Writes start time, ranks and hosts. Collective. Keeps a reference to the archive.
  explicit RunLog(Archive& archive);

  /// 1 for the start that created the archive, 2 for the first resume, ...
  Index number() const { return number_; }

  /// Writes stop time, reason ("completed", "stopped: wall time", ...) and the largest peak memory
  /// of a rank. Collective.
  void finish(std::string_view reason);

 private:
  Archive* archive_;
  Index number_ = 0;
  Index row_ = 0;
};

}  // namespace ntkflow
