#include "ntkflow/app/validate.hpp"

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/config/assumptions.hpp"
#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"
#include "ntkflow/config/sweep.hpp"

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

std::string size_text(const JobConfig& job) {
  const PointSets points = make_points(job);
  const Network network = make_network(job, points);
  given_weights(job, network);
  return fmt::format("{} training points and {} reference points of dimension {}, {} parameters",
                     points.train->count(), points.reference->count(), points.train->dimension(),
                     network.parameter_count());
}

// The first member as a job file, with the section that makes all of them.
std::string validated_sweep(const Sweep& sweep) {
  JobConfig first = sweep.members.front().config;
  first.output = sweep.folder;
  std::string text = fmt::format("{}\n{}\n# {} members:\n", effective_text(first), sweep.text,
                                 sweep.members.size());
  for (const SweepMember& member : sweep.members)
    text += fmt::format("# - {}: {}\n", member.name, size_text(member.config));
  return text + assumption_lines(first);
}

}  // namespace

std::string validate_job(const CommandLine& command) {
  const std::string text = read_job_text(command.job);
  if (const auto sweep = parse_sweep(text, command.job, command.overrides))
    return validated_sweep(*sweep);
  const JobConfig job = parse_job(text, command.job, command.overrides);
  return fmt::format("{}\n# {}\n{}", effective_text(job), size_text(job), assumption_lines(job));
}

}  // namespace ntkflow
