#include "ntkflow/app/inspect.hpp"

#include "ntkflow/archive/names.hpp"
#include "ntkflow/archive/reader.hpp"
#include "ntkflow/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ntkflow {
namespace {

std::string attribute_lines(const ArchiveReader& archive) {
  std::string text;
  for (const auto& [name, value] : archive.attributes())
    text += fmt::format("  {:<20} {}\n", name, value);
  return text;
}

std::string dataset_lines(const ArchiveReader& archive) {
  std::string text;
  for (const SlabFile::Info& info : archive.datasets())
    text += fmt::format("  {:<36} {:<14} {}\n", info.path,
                        fmt::format("({})", fmt::join(info.shape, ", ")), info.long_name);
  return text;
}

struct Verdict {
  std::string text;
  std::string damaged;  // name of the first unit that lost its checksum
};

Verdict check_units(const ArchiveReader& archive) {
  Verdict verdict;
  Index committed = 0, snapshots = 0;
  double last_time = 0.0;
  std::vector<double> times;
  for (const UnitReport& report : archive.units()) {
    const bool is_snapshot = report.unit.marker == names::snapshot_markers;
    const bool intact = !report.committed || archive.intact(report.unit);
    if (!intact && verdict.damaged.empty()) verdict.damaged = report.name;
    if (is_snapshot) {
      snapshots += 1;
      if (report.committed) {
        committed += 1;
        if (times.empty()) times = archive.read(names::time);
        last_time = times[static_cast<std::size_t>(report.unit.row)];
      }
      continue;
    }
    verdict.text += fmt::format("  {:<36} {}\n", report.name,
                                !intact            ? "DAMAGED: checksum differs"
                                : report.committed ? "committed, checksum good"
                                                   : "not committed");
  }
  if (snapshots > 0)
    verdict.text += fmt::format("  {:<36} {} of {} committed, last at t = {:.6g}\n", "snapshots",
                                committed, snapshots, last_time);
  return verdict;
}

const char* state_of(const ArchiveReader& archive, const UnitReport& report) {
  if (report.marker_damaged) return "DAMAGED: its marker is neither empty nor good";
  if (!report.committed) return "not committed";
  return archive.intact(report.unit) ? "committed, checksum good" : "DAMAGED: checksum differs";
}

}  // namespace

std::string inspect_archive(const std::string& path) {
  const ArchiveReader archive(path);
  const Verdict verdict = check_units(archive);
  const std::string text =
      fmt::format("{}: {}\n\nProvenance\n{}\nDatasets\n{}\nCommitted\n{}", path,
                  archive.complete() ? "complete" : "unfinished", attribute_lines(archive),
                  dataset_lines(archive), verdict.text);
  if (verdict.damaged.empty()) return text;
  fmt::print("{}", text);
  throw Error(ExitCode::io_failed,
              fmt::format("{}: {} no longer has its checksum; see ntkflow inspect --verify", path,
                          verdict.damaged));
}

std::string verify_archive(const std::string& path) {
  const ArchiveReader archive(path);
  std::string text, damaged;
  Index committed = 0, units = 0;
  for (const UnitReport& report : archive.units()) {
    const std::string state = state_of(archive, report);
    if (damaged.empty() && state.starts_with("DAMAGED")) damaged = report.name;
    committed += report.committed ? 1 : 0;
    units += 1;
    text += fmt::format("  {:<36} {}\n", report.name, state);
  }
  if (!damaged.empty()) {
    fmt::print("{}", text);
    throw Error(ExitCode::io_failed,
                fmt::format("{}: {} is damaged; the job's command computes it again when the run "
                            "is not finished, otherwise take a copy or --fresh",
                            path, damaged));
  }
  return text + fmt::format("{}: {} of {} units committed, all of them good; {}\n", path, committed,
                            units,
                            archive.complete() ? "complete"
                                               : "unfinished: its job's command goes on from here");
}

}  // namespace ntkflow
