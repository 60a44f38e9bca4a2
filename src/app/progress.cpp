#include "ntkflow/app/progress.hpp"

#include "ntkflow/parallel/mpi_environment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace ntkflow {
namespace {

constexpr double redraw_s = 0.2;
constexpr double line_s = 60.0;

// mpirun gives its first rank a terminal of its own whatever happens to the output later, so what
// counts is where the launcher itself writes. A launcher on another node is a log.
bool output_is_seen_on_terminal() {
  if (!started_by_launcher()) return isatty(STDOUT_FILENO) != 0;
  const std::string output = fmt::format("/proc/{}/fd/1", getppid());
  const int descriptor = open(output.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return false;
  const bool terminal = isatty(descriptor) != 0;
  close(descriptor);
  return terminal;
}

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(seconds);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{}:{:02} min", s / 60, s % 60);
  return fmt::format("{}:{:02} h", s / 3600, s % 3600 / 60);
}

}  // namespace

Progress Progress::for_rank(int rank) {
  if (rank != 0) return Progress(Audience::nobody);
  return Progress(output_is_seen_on_terminal() ? Audience::terminal : Audience::log);
}

Progress Progress::for_member(int rank, const std::string& name) {
  return Progress(rank == 0 ? Audience::log : Audience::nobody, name + ": ");
}

void Progress::say(const std::string& message) {
  if (audience_ == Audience::nobody) return;
  const char* separator = bar_drawn_ ? "\n" : "";
  bar_drawn_ = false;
  const std::string stamp = audience_ == Audience::log ? utc_timestamp() + " " : "";
  fmt::print("{}{}{}{}\n", separator, stamp, prefix_, message);
  std::fflush(stdout);
}

void Progress::update(const Position& position) {
  const double interval = audience_ == Audience::terminal ? redraw_s : line_s;
  const double now = since_start_.elapsed_s();
  if (audience_ == Audience::nobody || now - last_update_s_ < interval) return;
  last_update_s_ = now;
  if (audience_ == Audience::terminal) {
    draw_bar(position);
  } else {
    say(fmt::format("t = {:.4g}  loss = {:.4e}  snapshots {}/{}", position.time, position.loss,
                    position.committed, position.snapshots));
  }
}

void Progress::draw_bar(const Position& position) {
  constexpr Index width = 30;
  const Index filled = width * position.committed / position.snapshots;
  const double elapsed = since_start_.elapsed_s();
  const double left = position.committed > 0
                          ? elapsed * static_cast<double>(position.snapshots - position.committed) /
                                static_cast<double>(position.committed)
                          : 0.0;
  fmt::print("\r[{:#<{}}{:.<{}}] t = {:.4g}  loss = {:.3e}  {}/{} snapshots  {} left   ", "",
             filled, "", width - filled, position.time, position.loss, position.committed,
             position.snapshots, position.committed > 0 ? duration_text(left) : "?");
  std::fflush(stdout);
  bar_drawn_ = true;
}

}  // namespace ntkflow
