#include "ntkflow/app/job.hpp"

#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

namespace ntkflow {

std::string load_job_text(const Communicator& world, const CommandLine& command) {
  std::string text =
      agree(world, [&] { return world.is_root() ? read_job_text(command.job) : std::string(); });
  broadcast(world, text);
  return text;
}

std::optional<Sweep> load_sweep(const Communicator& world, const CommandLine& command,
                                const std::string& text) {
  return agree(world, [&] { return parse_sweep(text, command.job, command.overrides); });
}

Job load_job(const Communicator& world, const CommandLine& command, std::string command_line,
             const std::string& text) {
  return {command, std::move(command_line), text,
          agree(world, [&] { return parse_job(text, command.job, command.overrides); })};
}

std::string archived_text(const Job& job, const std::string& data_digest) {
  return "# ntkflow " + command_name(job.command.command) + "\n# data " + data_digest + "\n" +
         effective_text(job.config);
}

}  // namespace ntkflow
