#include "ntkflow/app/job.hpp"

#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

namespace ntkflow {

Job load_job(const Communicator& world, const CommandLine& command, std::string command_line) {
  Job job{command, std::move(command_line), {}, {}};
  job.user_text =
      agree(world, [&] { return world.is_root() ? read_job_text(command.job) : std::string(); });
  broadcast(world, job.user_text);
  job.config =
      agree(world, [&] { return parse_job(job.user_text, command.job, command.overrides); });
  return job;
}

std::string archived_text(const Job& job, const std::string& data_digest) {
  return "# ntkflow " + command_name(job.command.command) + "\n# data " + data_digest + "\n" +
         effective_text(job.config);
}

}  // namespace ntkflow
