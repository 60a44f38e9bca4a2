#pragma once

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/types.hpp"

#include <string>
#include <utility>

namespace ntkflow {

/// Messages for the person who waits. On a terminal a bar that is redrawn; elsewhere one
/// time-stamped line a minute. Only the root rank's prints anything.
class Progress {
 public:
  enum class Audience { terminal, log, nobody };

  explicit Progress(Audience audience, std::string prefix = "")
      : audience_(audience), prefix_(std::move(prefix)) {}
  static Progress for_rank(int rank);

  /// For one of several jobs that share an output: its name before each line, and never a bar.
  static Progress for_member(int rank, const std::string& name);

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
  std::string prefix_;
  bool bar_drawn_ = false;
  Stopwatch since_start_;
  double last_update_s_ = -1e9;
};

}  // namespace ntkflow
