#include "ntkflow/app/failure.hpp"

#include "ntkflow/parallel/shared_fate.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace ntkflow {
namespace {

// Failures that may pass go on with the same command; those of the job itself come again. What a
// message of another kind tells to do is its own.
Error with_advice(const Error& error) {
  const ExitCode code = error.exit_code();
  switch (code) {
    case ExitCode::internal:
    case ExitCode::io_failed:
    case ExitCode::unsuitable:
      return {code, fmt::format("{}; {}", error.what(), how_to_go_on)};
    case ExitCode::numerical:
      return {code, fmt::format("{}; what is committed is kept: change the job and choose another "
                                "output",
                                error.what())};
    default:
      return error;
  }
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
