#include "ntkflow/app/failure.hpp"

#include "ntkflow/parallel/shared_fate.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace ntkflow {
namespace {

// Only failures that are not the job's own: those come again.
Error with_advice(const Error& error) {
  const ExitCode code = error.exit_code();
  const bool may_pass =
      code == ExitCode::internal || code == ExitCode::io_failed || code == ExitCode::unsuitable;
  if (!may_pass) return error;
  return {code, fmt::format("{}; {}", error.what(), how_to_go_on)};
}

}  // namespace

Error error_of_all_ranks(const Communicator& comm, const Status& status) {
  const Error error = with_advice(as_error(std::current_exception()));
  if (all_ranks_arrive(comm)) return error;
  const std::string rank = fmt::format("rank {}: ", comm.rank());
  fmt::print(stderr, "ntkflow: {}{}\n", rank, error.what());
  status.write("failed", rank + summary_of(error));
  abort_program(comm, static_cast<int>(error.exit_code()));
}

std::string summary_of(const Error& error) {
  return fmt::format("exit code {}: {}", static_cast<int>(error.exit_code()), error.what());
}

}  // namespace ntkflow
