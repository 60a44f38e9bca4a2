#include "ntkflow/app/output.hpp"

#include "ntkflow/app/closed_forms.hpp"
#include "ntkflow/app/observables.hpp"
#include "ntkflow/app/observe_stages.hpp"
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
#include "ntkflow/parallel/agree.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

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

void refuse_other_job(const OutputReport& report, const Job& job, const std::string& data_digest) {
  refuse_unless_ours(report, job.config.output);
  const std::string difference =
      difference_from(report.effective_text, archived_text(job, data_digest), job);
  if (!difference.empty())
    throw Error(
        ExitCode::mismatch,
        fmt::format("{} belongs to another job: {}; choose another output or remove the file",
                    job.config.output, difference));
}

ArchiveSizes sizes_of(const JobConfig& config, const PointSets& points) {
  const ModeCounts modes = mode_counts(config, points);
  return {.reference = points.reference->count(),
          .train = points.train->count(),
          .dimension = points.train->dimension(),
          .modes = modes.reference,
          .train_modes = modes.train,
          .snapshots = snapshot_count(config.flow),
          .regions = region_count(*points.reference)};
}

void add_results(Schema& schema, const Job& job, const PointSets& points) {
  const ArchiveSizes sizes = sizes_of(job.config, points);
  add_points(schema, sizes);
  if (job.command.command == Command::kernel) {
    add_kernel(schema, sizes, kernel_datasets(job.config.kernel));
    return;
  }
  add_analytic_spectrum(schema, sizes);
  if (const ClosedFormSizes forms = closed_form_sizes(job.config, *points.reference); forms.any())
    add_closed_forms(schema, sizes, forms);
  if (sizes.train_modes > 0) add_train_spectrum(schema, sizes);
  if (job.command.command == Command::spectrum) return;
  add_trajectory(schema, sizes);
  add_cost(schema, sizes);
  add_observables(schema, job.config, sizes);
  add_target(schema, sizes);
  if (needs_kernel_distance(job.config)) add_kernel_distance(schema);
  if (const Index thresholds = count_of(job.config.observe.thresholds); thresholds > 0)
    add_convergence(schema, sizes, thresholds);
}

bool has_checkpoint(Command command) {
  return command == Command::run || command == Command::estimate;
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
  add_results(schema, job, experiment.points);
  if (has_checkpoint(job.command.command)) {
    RunState state(job.config, experiment);
    add_checkpoint(schema, fields_of(state));
  }
  add_runs(schema);
  return schema;
}

// Something of ours that --fresh may replace.
void refuse_foreign(const OutputReport& report, const std::string& path) {
  if (report.state == OutputState::foreign) refuse_unless_ours(report, path);
}

// The old archive stands aside until the new one is there.
Archive replace_output(const Communicator& world, const std::string& path, const Schema& schema) {
  const std::string aside = path + ".replaced";
  agree(world, [&] {
    if (!world.is_root()) return;
    refuse_foreign(identify_output(aside), aside);
    const OutputLock nobody_else(path);
    if (std::rename(path.c_str(), aside.c_str()) != 0) throw_cannot_create(path, errno);
  });
  try {
    Archive archive = Archive::create(world, path, schema);
    if (world.is_root()) std::remove(aside.c_str());
    return archive;
  } catch (const Error&) {
    if (world.is_root()) std::rename(aside.c_str(), path.c_str());
    throw;
  }
}

}  // namespace

std::optional<Archive> open_output(const Communicator& world, const Job& job,
                                   const Experiment& experiment) {
  const std::string& path = job.config.output;
  const OutputReport report = examine_output(world, path);
  if (report.state == OutputState::absent)
    return Archive::create(world, path, schema_of(world, job, experiment));
  if (job.command.fresh) {
    refuse_foreign(report, path);
    return replace_output(world, path, schema_of(world, job, experiment));
  }
  refuse_other_job(report, job, experiment.data_digest);
  if (report.complete) return std::nullopt;
  return Archive::open(world, path);
}

double archive_bytes(const Job& job, const PointSets& points, Index parameters) {
  constexpr double number = 8;
  Schema schema;
  add_config(schema, archived_text(job, points.data_digest), job.user_text);
  add_results(schema, job, points);
  add_runs(schema);
  const Index n = points.train->count();
  const Index memory = keeps_kernel_memory(job.config.flow, n) ? 1 : 0;
  const double checkpoint = names::slots * number *
                            static_cast<double>((1 + memory) * parameters +
                                                (1 + 2 * KernelMemory::capacity * memory) * n);
  return static_cast<double>(schema.bytes()) +
         (has_checkpoint(job.command.command) ? checkpoint : 0);
}

void check_output(const Job& job, const std::string& data_digest) {
  const OutputReport report = examine_output(job.config.output);
  if (job.command.fresh && !job.command.extend)
    refuse_foreign(report, job.config.output);
  else if (report.state != OutputState::absent)
    refuse_other_job(report, job, data_digest);
}

}  // namespace ntkflow
