#pragma once

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/types.hpp"

#include <string>

namespace ntkflow {

/// Messages for the person who waits. On a terminal a bar that is redrawn; elsewhere one
/// time-stamped line a minute. Only the root rank's prints anything.
class Progress {
 public:
  enum class Audience { terminal, log, nobody };

  explicit Progress(Audience audience) : audience_(audience) {}
  static Progress for_rank(int rank);

  /// A line of its own.
  void say(const std::string& message);

  /// Where the run stands; cheap to call every step.
  struct Position {
    double time;
    double loss;
    Index committed;
    Index snapshots;
  };
  void update(const Position& position);

 private:
  void draw_bar(const Position& position);
  Audience audience_;
  bool bar_drawn_ = false;
  Stopwatch since_start_;
  double last_update_s_ = -1e9;
};

}  // namespace ntkflow
