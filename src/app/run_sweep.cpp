#include "ntkflow/app/run_sweep.hpp"

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/failure.hpp"
#include "ntkflow/app/output.hpp"
#include "ntkflow/app/run_job.hpp"
#include "ntkflow/app/sweep_files.hpp"
#include "ntkflow/archive/output.hpp"
#include "ntkflow/base/text.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/parallel/shared_counter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>

namespace ntkflow {
namespace {

/// How a member's start ended.
struct Outcome {
  Index member = 0;
  ExitCode code = ExitCode::completed;
  std::string message;  ///< of a failure
};

Job job_of(const SweepMember& member, const Job& common) {
  Job job = common;
  job.config = member.config;
  return job;
}

// Everything that a run would refuse before it starts, the members shared out over the ranks.
void check_members(const Communicator& world, const Sweep& sweep, const Job& common) {
  agree(world, [&] {
    for (auto i = static_cast<std::size_t>(world.rank()); i < sweep.members.size();
         i += static_cast<std::size_t>(world.size())) {
      const Job job = job_of(sweep.members[i], common);
      try {
        const PointSets points = make_points(job.config);
        const Network network = make_network(job.config, points);
        check_output(job, digest_of_data(points, given_weights(job.config, network)));
      } catch (const Error& error) {
        throw Error(error.exit_code(),
                    fmt::format("member {}: {}", sweep.members[i].name, error.what()));
      }
    }
  });
}

void make_folders(const Communicator& world, const Sweep& sweep) {
  agree(world, [&] {
    if (!world.is_root()) return;
    for (const SweepMember& member : sweep.members) {
      std::error_code error;
      std::filesystem::create_directories(sweep.folder + "/" + member.name, error);
      if (error) throw_cannot_create(member.config.output, error.value());
    }
  });
}

// ---- the table ----

MemberRow row_of(const SweepMember& member, const std::optional<Outcome>& outcome) {
  MemberRow row{member.name, member.values, "waiting", 0, "", {}};
  const OutputReport report = examine_output(member.config.output);
  if (report.state == OutputState::ours) {
    row.status = report.complete ? "completed" : "unfinished";
    row.numbers = result_numbers(ArchiveReader(member.config.output));
  }
  if (!outcome) return row;
  row.exit_code = static_cast<Index>(outcome->code);
  row.message = outcome->message;
  if (outcome->code == ExitCode::stopped)
    row.status = "stopped";
  else if (outcome->code != ExitCode::completed)
    row.status = "failed";
  return row;
}

void write_table(const Communicator& world, const Sweep& sweep,
                 const std::vector<Outcome>& outcomes) {
  agree(world, [&] {
    if (!world.is_root()) return;
    std::map<Index, Outcome> of_member;
    for (const Outcome& outcome : outcomes) of_member[outcome.member] = outcome;
    SweepTable table{sweep.keys, {}};
    for (Index i = 0; i < count_of(sweep.members); ++i) {
      const auto found = of_member.find(i);
      table.rows.push_back(
          row_of(sweep.members[static_cast<std::size_t>(i)],
                 found == of_member.end() ? std::nullopt : std::optional(found->second)));
    }
    write_sweep_files(sweep.folder, table);
  });
}

// ---- the groups ----

/// The ranks that compute a member together.
class Group {
 public:
  Group(const Communicator& world, int groups)
      : several_(groups > 1),
        comm_(world.split(static_cast<int>(Index{world.rank()} * groups / world.size()),
                          world.rank())),
        last_words_(comm_.duplicate()) {}

  const Communicator& comm() const { return comm_; }

  /// The next member that nobody has taken. Collective on the group.
  Index take(SharedCounter& counter) const {
    std::array<double, 1> number = {comm_.is_root() ? static_cast<double>(counter.next()) : 0.0};
    broadcast(comm_, number);
    return static_cast<Index>(number[0]);
  }

  /// Runs a member; its failure is told, not thrown. Collective on the group.
  Outcome run(Index number, const SweepMember& member, const Job& common, const StopRequest& stop,
              Progress& common_progress) const {
    Progress own = Progress::for_member(comm_.rank(), member.name);
    Progress& progress = several_ ? own : common_progress;
    if (!several_) progress.say(member.name);
    Status status(comm_.is_root() ? Status::Speaker::root_of_member : Status::Speaker::other);
    try {
      return {number, run_job(comm_, job_of(member, common), stop, progress, status), ""};
    } catch (...) {
      const Error error = error_of_all_ranks(last_words_, status);
      if (comm_.is_root()) fmt::print(stderr, "ntkflow: {}: {}\n", member.name, error.what());
      status.report("failed", summary_of(error));
      return {number, error.exit_code(), error.what()};
    }
  }

 private:
  bool several_;
  Communicator comm_;
  Communicator last_words_;
};

// What all groups made of the members, on root.
std::vector<Outcome> gather(const Communicator& world, const Group& group,
                            const std::vector<Outcome>& mine) {
  std::string text;
  if (group.comm().is_root())
    for (const Outcome& outcome : mine)
      text += fmt::format("{}\t{}\t{}\n", outcome.member, static_cast<int>(outcome.code),
                          outcome.message);
  std::vector<Outcome> all;
  for (const std::string& lines : gather_texts(world, text))
    for (const std::string& line : split(lines, '\n')) {
      const std::vector<std::string> fields = split(line, '\t');
      if (fields.size() < 2) continue;
      all.push_back({parse_integer(fields[0]).value(),
                     static_cast<ExitCode>(parse_integer(fields[1]).value()),
                     fields.size() > 2 ? fields[2] : ""});
    }
  return all;
}

std::vector<Outcome> run_members(const Communicator& world, const Sweep& sweep, const Job& common,
                                 const StopRequest& stop, Progress& progress) {
  const auto members = count_of(sweep.members);
  const Group group(world,
                    static_cast<int>(std::min({sweep.groups, members, Index{world.size()}})));
  std::vector<Outcome> mine;
  SharedCounter counter(world);
  while (!stop.pending(group.comm())) {
    const Index i = group.take(counter);
    if (i >= members) break;
    mine.push_back(
        group.run(i, sweep.members[static_cast<std::size_t>(i)], common, stop, progress));
  }
  return gather(world, group, mine);
}

// Throws on all ranks when root has failures.
void report_failures(const Communicator& world, const Sweep& sweep,
                     const std::vector<Outcome>& outcomes) {
  agree(world, [&] {
    std::vector<Outcome> failures = outcomes;
    std::erase_if(failures, [](const Outcome& outcome) {
      return outcome.code == ExitCode::completed || outcome.code == ExitCode::stopped;
    });
    if (failures.empty()) return;
    const auto numerical = std::ranges::find(failures, ExitCode::numerical, &Outcome::code);
    const Outcome& first = numerical == failures.end() ? failures.front() : *numerical;
    throw Error(first.code,
                fmt::format("{} of {} members failed, such as {}: {}; {}/members.csv has all",
                            failures.size(), sweep.members.size(),
                            sweep.members[static_cast<std::size_t>(first.member)].name,
                            first.message, sweep.folder));
  });
}

}  // namespace

ExitCode run_sweep(const Communicator& world, const Sweep& sweep, const Job& common,
                   const StopRequest& stop, Progress& progress, Status& status) {
  if (common.command.extend)
    throw Error(ExitCode::usage, "--extend is for single runs, the job has a section [sweep]");
  check_members(world, sweep, common);
  make_folders(world, sweep);
  write_table(world, sweep, {});
  const std::string index = sweep.folder + "/index.h5";
  status.attach(index);
  progress.say(fmt::format("{} members in {}", sweep.members.size(), sweep.folder));

  const std::vector<Outcome> outcomes = run_members(world, sweep, common, stop, progress);

  write_table(world, sweep, outcomes);
  const bool all_done =
      !any_rank(world, world.is_root() &&
                           (outcomes.size() < sweep.members.size() ||
                            std::ranges::count(outcomes, ExitCode::stopped, &Outcome::code) > 0));
  if (!all_done) {
    status.report("stopped",
                  index + ": everything is committed; run the same command again to go on");
    return ExitCode::stopped;
  }
  report_failures(world, sweep, outcomes);
  status.report("completed", index);
  return ExitCode::completed;
}

}  // namespace ntkflow
