#pragma once

#include "ntkflow/base/clock.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// Thrown on all ranks together to leave a computation in its middle, because a stop is pending; the
/// run goes on from what was committed before.
struct StopRequested {};

/// Reasons to end a run early with everything committed: SIGUSR1, SIGTERM or SIGINT, and the
/// wall-time limit. Construct one a process, first of all; it installs the signal handlers. The
/// second signal of a kind ends the process at once, as without us.
class StopRequest {
 public:
  /// max_walltime_s = 0: no limit.
  explicit StopRequest(double max_walltime_s);

  /// The same answer on every rank, true as soon as one rank was told to stop. Collective.
  bool pending(const Communicator& comm) const;

  /// What asked for the stop, for /runs and the last line.
  std::string reason() const;

 private:
  bool out_of_time() const;
  double max_walltime_s_;
  Stopwatch since_start_;
};

}  // namespace ntkflow
