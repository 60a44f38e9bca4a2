#pragma once

#include <chrono>
#include <string>

namespace ntkflow {

/// Wall time since construction or the last restart.
class Stopwatch {
 public:
  double elapsed_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Adds the wall time of its own life to a sum of seconds.
class AddElapsed {
 public:
  explicit AddElapsed(double& sum_s) : sum_s_(sum_s) {}
  ~AddElapsed() { sum_s_ += watch_.elapsed_s(); }
  AddElapsed(const AddElapsed&) = delete;
  AddElapsed& operator=(const AddElapsed&) = delete;

 private:
  double& sum_s_;
  Stopwatch watch_;
};

/// Now in UTC as 2026-01-31T12:00:00Z.
std::string utc_timestamp();

/// Peak resident memory of this process so far, in bytes.
long long peak_memory_bytes();

}  // namespace ntkflow
