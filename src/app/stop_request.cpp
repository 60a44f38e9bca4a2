#include "ntkflow/app/stop_request.hpp"

#include "ntkflow/parallel/collectives.hpp"

#include <csignal>

namespace ntkflow {
namespace {

volatile std::sig_atomic_t received_signal = 0;

void remember(int signal) {
  received_signal = signal;
}

}  // namespace

StopRequest::StopRequest(double max_walltime_s) : max_walltime_s_(max_walltime_s) {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  for (int signal : {SIGUSR1, SIGTERM, SIGINT}) sigaction(signal, &action, nullptr);
}

bool StopRequest::out_of_time() const {
  return max_walltime_s_ > 0.0 && since_start_.elapsed_s() >= max_walltime_s_;
}

bool StopRequest::pending(const Communicator& comm) const {
  return any_rank(comm, received_signal != 0 || out_of_time());
}

std::string StopRequest::reason() const {
  switch (received_signal) {
    case SIGUSR1:
      return "SIGUSR1";
    case SIGTERM:
      return "SIGTERM";
    case SIGINT:
      return "SIGINT";
    default:
      return out_of_time() ? "wall-time limit" : "another rank was asked to stop";
  }
}

}  // namespace ntkflow
