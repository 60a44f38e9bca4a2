#include "ntkflow/app/extend_job.hpp"

#include "ntkflow/app/output.hpp"
#include "ntkflow/archive/copy_units.hpp"
#include "ntkflow/archive/output.hpp"
#include "ntkflow/archive/reader.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/rounding.hpp"
#include "ntkflow/config/number_types.hpp"
#include "ntkflow/config/snapshot_times.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

TimeSpec later_end(const std::string& text) {
  try {
    return flow_time().parse(text);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("--extend {}: {}", text, error.what()));
  }
}

// The times of the extended run, from what the finished one knows.
std::vector<double> times_beyond(const Job& finished, const std::string& data_digest) {
  const std::string& path = finished.config.output;
  const TimeSpec end = later_end(*finished.command.extend);
  const OutputReport report = examine_output(path);
  if (report.state == OutputState::absent)
    throw MissingInput(fmt::format(
        "{}: no such file; --extend goes on from the archive of the finished job", path));
  check_output(finished, data_digest);
  if (!report.complete)
    throw Error(ExitCode::mismatch,
                fmt::format("{} is not finished; run the job without --extend first", path));
  const ArchiveReader archive(path);
  std::vector<double> sigma = archive.read(names::analytic_eigenvalue);
  sigma.resize(static_cast<std::size_t>(archive.read_integers(names::analytic_count).front()));
  std::ranges::transform(sigma, sigma.begin(), round_for_decision);
  return extended_times(finished.config.flow, archive.read(names::time), end, sigma);
}

}  // namespace

Job extended_job(const Communicator& world, const Job& finished, const std::string& data_digest) {
  std::vector<double> times = agree(world, [&] {
    return world.is_root() ? times_beyond(finished, data_digest) : std::vector<double>();
  });
  times.resize(static_cast<std::size_t>(max_over_ranks(world, count_of(times))));
  broadcast(world, times);

  Job job = finished;
  job.config.flow.times = std::move(times);
  job.config.output = *finished.command.output;
  return job;
}

void copy_finished(Archive& archive, const Job& finished) {
  // Stages that a run makes before its flow; what it makes of the whole flow is made again.
  copy_units(
      archive, finished.config.output,
      {.stages = {names::stage_points, names::stage_analytic_spectrum, names::stage_train_spectrum},
       .snapshots = snapshot_count(finished.config.flow)});
}

}  // namespace ntkflow
