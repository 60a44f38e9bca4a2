#include "ntkflow/archive/reader.hpp"

#include "ntkflow/archive/names.hpp"
#include "ntkflow/archive/output.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

SlabFile open_ours(const std::string& path) {
  refuse_unless_ours(identify_output(path), path);
  return SlabFile::open_serial(path);
}

std::optional<int> slot_of(std::string_view marker) {
  for (int slot = 0; slot < names::slots; ++slot)
    if (marker == names::slot_marker(slot)) return slot;
  return std::nullopt;
}

std::string name_of(const CommitUnit& unit) {
  if (unit.marker == names::snapshot_markers) return fmt::format("snapshot {}", unit.row);
  if (const auto slot = slot_of(unit.marker)) return fmt::format("checkpoint slot {}", *slot);
  return "stage " + unit.marker.substr(names::stage_markers.size());
}

bool is_marker(const SlabFile::Info& dataset) {
  return dataset.path == names::snapshot_markers || slot_of(dataset.path) ||
         dataset.path.starts_with(names::stage_markers);
}

}  // namespace

ArchiveReader::ArchiveReader(const std::string& path) : file_(open_ours(path)) {}

std::vector<UnitReport> ArchiveReader::units() const {
  std::vector<UnitReport> reports;
  for (const SlabFile::Info& dataset : file_.datasets()) {
    if (!is_marker(dataset)) continue;
    for (Index row = 0; row < dataset.rows; ++row) {
      const CommitUnit unit{dataset.path, row};
      const std::optional<Marker> marker = file_.marker(unit);
      reports.push_back({unit, name_of(unit), marker.has_value(), marker ? marker->index : 0,
                         !marker && !file_.marker_is_empty(unit)});
    }
  }
  return reports;
}

bool ArchiveReader::complete() const {
  const std::vector<UnitReport> reports = units();
  return std::all_of(reports.begin(), reports.end(), [](const UnitReport& report) {
    return report.committed || report.unit.marker.starts_with(names::checkpoint_folder);
  });
}

bool ArchiveReader::intact(const CommitUnit& unit) const {
  const std::optional<Marker> marker = file_.marker(unit);
  return marker && marker->checksum == file_.sum_of(unit);
}

std::vector<double> ArchiveReader::read(std::string_view dataset) const {
  const Slab all = file_.info(dataset).all();
  std::vector<double> values(static_cast<std::size_t>(all.count()));
  file_.read(dataset, all, std::span<double>(values));
  return values;
}

std::vector<Index> ArchiveReader::read_integers(std::string_view dataset) const {
  const Slab all = file_.info(dataset).all();
  std::vector<Index> values(static_cast<std::size_t>(all.count()));
  file_.read(dataset, all, std::span<Index>(values));
  return values;
}

}  // namespace ntkflow
