#include "ntkflow/app/inspect.hpp"

#include "ntkflow/archive/names.hpp"
#include "ntkflow/archive/reader.hpp"
#include "ntkflow/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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

// A commit unit, and what has become of it.
struct Finding {
  UnitReport report;
  const char* state;
  bool is_damaged = false;

  bool is_snapshot() const { return report.unit.marker == names::snapshot_markers; }
};

Finding judge(const ArchiveReader& archive, const UnitReport& report) {
  if (report.marker_damaged) return {report, "DAMAGED: its marker is neither empty nor good", true};
  if (!report.committed) return {report, "not committed"};
  if (!archive.intact(report.unit)) return {report, "DAMAGED: checksum differs", true};
  return {report, "committed, checksum good"};
}

std::vector<Finding> findings_of(const ArchiveReader& archive) {
  std::vector<Finding> findings;
  for (const UnitReport& report : archive.units()) findings.push_back(judge(archive, report));
  return findings;
}

std::string line_of(const std::string& name, const std::string& state) {
  return fmt::format("  {:<36} {}\n", name, state);
}

Index committed_of(const std::vector<Finding>& findings) {
  return std::ranges::count_if(findings, [](const Finding& it) { return it.report.committed; });
}

std::string snapshot_line(const ArchiveReader& archive, const std::vector<Finding>& findings) {
  Index snapshots = 0, committed = 0, last = 0;
  for (const Finding& finding : findings) {
    if (!finding.is_snapshot()) continue;
    snapshots += 1;
    if (!finding.report.committed) continue;
    committed += 1;
    last = finding.report.unit.row;
  }
  if (snapshots == 0) return "";
  std::string text = fmt::format("{} of {} committed", committed, snapshots);
  if (committed > 0)
    text += fmt::format(", last at t = {:.6g}",
                        archive.read(names::time)[static_cast<std::size_t>(last)]);
  return line_of("snapshots", text);
}

// The snapshots in one line, but for those that are damaged.
std::string at_a_glance(const ArchiveReader& archive, const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings)
    if (!finding.is_snapshot() || finding.is_damaged)
      text += line_of(finding.report.name, finding.state);
  return text + snapshot_line(archive, findings);
}

// What has been said goes to standard output all the same.
void refuse_damage(const std::string& path, const std::vector<Finding>& findings,
                   const std::string& said) {
  const auto damaged = std::ranges::find(findings, true, &Finding::is_damaged);
  if (damaged == findings.end()) return;
  fmt::print("{}", said);
  throw Error(ExitCode::io_failed,
              fmt::format("{}: {} is damaged; the job's command computes it again when the run is "
                          "not finished, otherwise take a copy or --fresh",
                          path, damaged->report.name));
}

}  // namespace

std::string inspect_archive(const std::string& path) {
  const ArchiveReader archive(path);
  const std::vector<Finding> findings = findings_of(archive);
  const std::string text =
      fmt::format("{}: {}\n\nProvenance\n{}\nDatasets\n{}\nCommitted\n{}", path,
                  archive.complete() ? "complete" : "unfinished", attribute_lines(archive),
                  dataset_lines(archive), at_a_glance(archive, findings));
  refuse_damage(path, findings, text);
  return text;
}

std::string verify_archive(const std::string& path) {
  const ArchiveReader archive(path);
  const std::vector<Finding> findings = findings_of(archive);
  std::string text;
  for (const Finding& finding : findings) text += line_of(finding.report.name, finding.state);
  refuse_damage(path, findings, text);
  return text + fmt::format("{}: {} of {} units committed, all of them good; {}\n", path,
                            committed_of(findings), findings.size(),
                            archive.complete() ? "complete"
                                               : "unfinished: its job's command goes on from here");
}

}  // namespace ntkflow
