#pragma once

#include "ntkflow/app/command_line.hpp"
#include "ntkflow/config/job_config.hpp"
#include "ntkflow/config/sweep.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <optional>
#include <string>

namespace ntkflow {

/// One start of the program on a job file.
struct Job {
  CommandLine command;
  std::string command_line;  ///< as typed
  std::string user_text;     ///< the job file, byte by byte
  JobConfig config;
};

// All three are collective: root reads the job file, everybody parses it. They throw on all ranks what
// read_job_text(), parse_sweep() and parse_job() do.

std::string load_job_text(const Communicator& world, const CommandLine& command);

/// The members of a job with a section [sweep]; nothing when it has none.
std::optional<Sweep> load_sweep(const Communicator& world, const CommandLine& command,
                                const std::string& text);

Job load_job(const Communicator& world, const CommandLine& command, std::string command_line,
             const std::string& text);

/// What identifies the job in its archive: the command, the digest of the data that the job names,
/// and every key with its value.
std::string archived_text(const Job& job, const std::string& data_digest);

}  // namespace ntkflow
