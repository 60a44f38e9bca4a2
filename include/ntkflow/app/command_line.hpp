#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/config/read_job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ntkflow {

enum class Command {
  help,
  version,
  keys,
  validate,
  inspect,
  pack,
  estimate,
  run,
  kernel,
  spectrum
};

/// What the user asked for.
struct CommandLine {
  Command command = Command::help;
  std::string job;                     ///< job file of run, kernel, spectrum, estimate, validate
  std::string archive;                 ///< of inspect and pack
  std::string packed;                  ///< the copy that pack makes
  bool verify = false;                 ///< --verify: inspect says only what holds
  std::optional<std::string> section;  ///< of keys
  std::vector<Override> overrides;    ///< --set, and --output as output=... where extend is not set
  std::optional<std::string> output;  ///< --output
  std::optional<std::string> extend;  ///< --extend: a later end of a finished run
  bool fresh = false;                 ///< --fresh: an archive of ours at the output is replaced
  double max_walltime_s = 0.0;        ///< 0: none
  Index ranks = 0;                    ///< of estimate; 0: as many as there are
};

/// Throws: Error (exit 64) for an unknown command or option, with the nearest known one;
/// ConfigError for a malformed --set.
CommandLine parse_command_line(int argc, const char* const* argv);

/// Whether a command computes, and so starts MPI even without mpirun.
bool is_distributed(Command command);

/// "run", "kernel", ...
std::string command_name(Command command);

std::string help_text();

}  // namespace ntkflow
