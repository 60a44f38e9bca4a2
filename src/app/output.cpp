#include "ntkflow/app/output.hpp"

#include "ntkflow/app/run_state.hpp"
#include "ntkflow/app/stages.hpp"
#include "ntkflow/archive/checkpoint.hpp"
#include "ntkflow/archive/provenance.hpp"
#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"
#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"
#include "ntkflow/config/snapshot_times.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

// How the job in an archive differs from this one; empty when it is the same.
std::string difference_from(const std::string& archived, const std::string& ours, const Job& job) {
  const std::vector<std::string> theirs = split(archived, '\n'), mine = split(ours, '\n');
  if (theirs.at(0) != mine.at(0))
    return fmt::format("made by '{}', this is '{}'", theirs[0].substr(2), mine[0].substr(2));
  if (theirs.at(1) != mine.at(1)) return "the files that the job names have other contents now";
  try {
    const JobConfig other = parse_job(archived, job.config.output);
    return describe_difference(identity_text(other), identity_text(job.config));
  } catch (const ConfigError& error) {
    return fmt::format("a job this version does not read: {}", error.what());
  }
}

void refuse_other_job(const Job& job, const std::string& archived, const std::string& ours) {
  const std::string difference = difference_from(archived, ours, job);
  if (!difference.empty())
    throw Error(
        ExitCode::mismatch,
        fmt::format("{} belongs to another job: {}; choose another output or remove the file",
                    job.config.output, difference));
}

ArchiveSizes sizes_of(const JobConfig& config, const Experiment& experiment) {
  const Index reference = experiment.points.reference->count();
  const Index train = experiment.points.train->count();
  return {.reference = reference,
          .train = train,
          .dimension = experiment.points.train->dimension(),
          .modes = std::min(config.eigenpairs, reference),
          .train_modes = config.observe.train_projections ? std::min(config.eigenpairs, train) : 0,
          .snapshots = snapshot_count(config.flow)};
}

void add_results(Schema& schema, const Job& job, const Experiment& experiment) {
  const ArchiveSizes sizes = sizes_of(job.config, experiment);
  add_points(schema, sizes);
  if (job.command.command == Command::kernel) {
    add_kernel(schema, sizes, kernel_datasets(job.config.kernel));
    return;
  }
  add_analytic_spectrum(schema, sizes);
  if (sizes.train_modes > 0) add_train_spectrum(schema, sizes);
  if (job.command.command == Command::spectrum) return;
  add_trajectory(schema, sizes);
  add_cost(schema, sizes);
  RunState state(experiment, job.config.flow);
  add_checkpoint(schema, fields_of(state));
}

Schema schema_of(const Communicator& world, const Job& job, const Experiment& experiment) {
  Schema schema;
  const GridShape grid = near_square(world.size());
  add_provenance(schema, world,
                 {.title = job.config.title,
                  .command_line = job.command_line,
                  .seed = static_cast<Index>(job.config.seed),
                  .process_grid = fmt::format("{} x {}", grid.rows, grid.columns),
                  .job_digest = digest(job.user_text),
                  .data_digest = experiment.data_digest});
  add_config(schema, archived_text(job, experiment.data_digest), job.user_text);
  add_results(schema, job, experiment);
  add_runs(schema);
  return schema;
}

}  // namespace

std::optional<Archive> open_output(const Communicator& world, const Job& job,
                                   const Experiment& experiment) {
  const std::string& path = job.config.output;
  const OutputReport report = examine_output(world, path);
  if (report.state == OutputState::absent)
    return Archive::create(world, path, schema_of(world, job, experiment));
  refuse_unless_ours(report, path);
  refuse_other_job(job, report.effective_text, archived_text(job, experiment.data_digest));
  if (report.complete) return std::nullopt;
  return Archive::open(world, path);
}

}  // namespace ntkflow
