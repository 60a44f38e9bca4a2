#include "ntkflow/app/validate.hpp"

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/config/assumptions.hpp"
#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

std::string assumption_lines(const JobConfig& job) {
  const std::vector<std::string> unmet = unmet_assumptions(job);
  if (unmet.empty()) return "# The job meets the assumptions of Theorem 1 that can be checked.\n";
  std::string text = "# Assumptions of Theorem 1 that this job does not meet:\n";
  for (const std::string& sentence : unmet) text += fmt::format("# - {}\n", sentence);
  return text;
}

}  // namespace

std::string validate_job(const CommandLine& command) {
  const JobConfig job = read_job(command.job, command.overrides);
  const PointSets points = make_points(job);
  const Network network = make_network(job, points);
  given_weights(job, network);
  return fmt::format(
      "{}\n# {} training points and {} reference points of dimension {}, {} parameters\n{}",
      effective_text(job), points.train->count(), points.reference->count(),
      points.train->dimension(), network.parameter_count(), assumption_lines(job));
}

}  // namespace ntkflow
