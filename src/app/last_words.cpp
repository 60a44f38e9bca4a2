#include "ntkflow/app/last_words.hpp"

#include "ntkflow/app/failure.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <string>

namespace ntkflow {
namespace {

struct Fatal {
  int signal;
  const char* name;
};

constexpr std::array<Fatal, 5> fatal_signals = {{{SIGSEGV, "segmentation fault"},
                                                 {SIGBUS, "bus error"},
                                                 {SIGFPE, "arithmetic exception"},
                                                 {SIGILL, "illegal instruction"},
                                                 {SIGABRT, "abort"}}};

// A handler may not allocate: the lines are written beforehand.
std::array<std::string, fatal_signals.size()> lines;

void speak(int signal) {
  for (std::size_t i = 0; i < fatal_signals.size(); ++i)
    if (fatal_signals[i].signal == signal &&
        ::write(STDERR_FILENO, lines[i].data(), lines[i].size()) < 0)
      break;
  std::raise(signal);  // SA_RESETHAND: this time it is the end
}

}  // namespace

void say_last_words(int rank) {
  struct sigaction action {};
  action.sa_handler = speak;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (std::size_t i = 0; i < fatal_signals.size(); ++i) {
    lines[i] = fmt::format("ntkflow: rank {}: ended by signal {}, {}; {}\n", rank,
                           fatal_signals[i].signal, fatal_signals[i].name, how_to_go_on);
    sigaction(fatal_signals[i].signal, &action, nullptr);
  }
}

}  // namespace ntkflow
