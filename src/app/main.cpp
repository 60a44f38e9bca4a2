#include "ntkflow/app/command_line.hpp"
#include "ntkflow/app/estimate.hpp"
#include "ntkflow/app/failure.hpp"
#include "ntkflow/app/inspect.hpp"
#include "ntkflow/app/last_words.hpp"
#include "ntkflow/app/run_job.hpp"
#include "ntkflow/app/run_sweep.hpp"
#include "ntkflow/app/validate.hpp"
#include "ntkflow/archive/pack.hpp"
#include "ntkflow/base/build_info.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/heap.hpp"
#include "ntkflow/config/job_text.hpp"
#include "ntkflow/parallel/blas_threads.hpp"
#include "ntkflow/parallel/mpi_environment.hpp"
#include "ntkflow/parallel/shared_fate.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>

namespace ntkflow {
namespace {

std::string typed(int argc, char** argv) {
  std::string text;
  for (int i = 0; i < argc; ++i) text.append(i > 0 ? " " : "").append(argv[i]);
  return text;
}

int exit_status(const Error& error) {
  return static_cast<int>(error.exit_code());
}

int run_serial(const CommandLine& command) {
  switch (command.command) {
    case Command::version:
      fmt::print("ntkflow {} ({})\n", software_version(), git_commit());
      break;
    case Command::keys:
      fmt::print("{}", keys_text(command.section));
      break;
    case Command::validate:
      fmt::print("{}", validate_job(command));
      break;
    case Command::inspect:
      fmt::print("{}", command.verify ? verify_archive(command.archive)
                                      : inspect_archive(command.archive));
      break;
    case Command::pack:
      pack_archive(command.archive, command.packed);
      break;
    default:
      fmt::print("{}", help_text());
  }
  return 0;
}

// A full disk or a file-size limit is an error of the write that met it, not the end of the process.
void let_writes_fail() {
  std::signal(SIGXFSZ, SIG_IGN);
}

int run_together(const Communicator& world, const CommandLine& command,
                 const std::string& command_line) {
  say_last_words(world.rank());
  const StopRequest stop(command.max_walltime_s);
  Progress progress = Progress::for_rank(world.rank());
  Status status(world.is_root() ? Status::Speaker::root : Status::Speaker::other);
  const Communicator last_words = world.duplicate();
  try {
    progress.say(fmt::format("ntkflow on {} ranks; {}", world.size(), set_blas_threads(world)));
    const std::string text = load_job_text(world, command);
    const bool computes = command.command != Command::estimate;
    if (const std::optional<Sweep> sweep = load_sweep(world, command, text); sweep && computes)
      return static_cast<int>(
          run_sweep(world, *sweep, {command, command_line, text, {}}, stop, progress, status));
    const Job job = load_job(world, command, command_line, text);
    if (command.command == Command::estimate) {
      const std::string said = estimate_job(world, job);
      if (world.is_root()) fmt::print("{}", said);
      return static_cast<int>(ExitCode::completed);
    }
    return static_cast<int>(run_job(world, job, stop, progress, status));
  } catch (...) {
    const Error error = error_of_all_ranks(last_words, status);
    if (world.is_root()) fmt::print(stderr, "ntkflow: {}\n", error.what());
    status.report("failed", summary_of(error));
    // HDF5 closes what it could not write by collective calls that no longer match: MPI's end, which
    // asks it to, would not come.
    if (error.exit_code() == ExitCode::io_failed) abort_together(last_words, exit_status(error));
    return exit_status(error);
  }
}

int print_error(const Error& error) {
  if (launcher_rank() == 0) fmt::print(stderr, "ntkflow: {}\n", error.what());
  return exit_status(error);
}

// mpirun ends all ranks when one ends with an error; MPI's start and end keep them until root has
// spoken.
int refuse_together(const Error& error, int argc, char** argv) {
  const int status = print_error(error);
  if (started_by_launcher()) const MpiEnvironment everybody(argc, argv);
  return status;
}

int run(const CommandLine& command, int argc, char** argv) {
  if (!is_distributed(command.command)) return launcher_rank() == 0 ? run_serial(command) : 0;
  let_writes_fail();
  reuse_freed_memory();
  const MpiEnvironment mpi(argc, argv);
  const Communicator world = Communicator::duplicate_of(MPI_COMM_WORLD);
  return run_together(world, command, typed(argc, argv));
}

}  // namespace
}  // namespace ntkflow

int main(int argc, char** argv) {
  std::optional<ntkflow::CommandLine> command;
  try {
    command = ntkflow::parse_command_line(argc, argv);
  } catch (...) {
    return ntkflow::refuse_together(ntkflow::as_error(std::current_exception()), argc, argv);
  }
  try {
    return ntkflow::run(*command, argc, argv);
  } catch (...) {
    return ntkflow::print_error(ntkflow::as_error(std::current_exception()));
  }
}
