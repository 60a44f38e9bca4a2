#include "ntkflow/archive/copy_units.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/partition.hpp"

#include <fmt/format.h>

#include <optional>

namespace ntkflow {
namespace {

// This rank's share of a slab: of its rows, or of the columns of a single one.
Slab share_of(const Slab& slab, const Communicator& comm) {
  const bool one_row = slab.rows.count() == 1;
  const IndexRange whole = one_row ? slab.columns : slab.rows;
  const IndexRange part = Partition(whole.count(), comm.size()).range(comm.rank());
  const IndexRange mine{whole.first + part.first, whole.first + part.last};
  return one_row ? Slab{slab.rows, mine} : Slab{mine, slab.columns};
}

void check_same_place(const SlabFile& from, const SlabFile::Info& member, const Slab& part) {
  const SlabFile::Info& there = from.info(member.path);
  if (there.type != member.type || there.columns != member.columns || there.rows < part.rows.last)
    throw Error(ExitCode::mismatch,
                fmt::format("{}:{} has another shape than what it is to be copied to", from.path(),
                            member.path));
}

template <typename Number>
void copy_slab(Archive& to, const SlabFile& from, const std::string& path, const Slab& mine) {
  std::vector<Number> values(static_cast<std::size_t>(mine.count()));
  agree(to.comm(), [&] { from.read(path, mine, std::span<Number>(values)); });
  to.write_slab(path, mine, std::span<const Number>(values));
}

void copy_unit(Archive& to, const SlabFile& from, const CommitUnit& unit, const Marker& marker) {
  for (const SlabFile::Info& member : to.members(unit)) {
    const Slab part = member.part(unit);
    agree(to.comm(), [&] { check_same_place(from, member, part); });
    const Slab mine = share_of(part, to.comm());
    member.type == ElementType::real ? copy_slab<double>(to, from, member.path, mine)
                                     : copy_slab<Index>(to, from, member.path, mine);
  }
  to.commit(unit, marker.index);
  if (to.marker(unit)->checksum == marker.checksum) return;
  to.withdraw(unit);
  throw Error(ExitCode::io_failed,
              fmt::format("{}: {} row {} no longer has its checksum; take a copy or run its "
                          "job again with --fresh",
                          from.path(), unit.marker, unit.row));
}

void copy_if_lacking(Archive& to, const SlabFile& from, const CommitUnit& unit) {
  const std::optional<Marker> marker = agree(to.comm(), [&] { return from.marker(unit); });
  if (marker && !to.marker(unit)) copy_unit(to, from, unit, *marker);
}

// The slot that was committed last; nothing when none was.
std::optional<CommitUnit> newest_slot(const SlabFile& from) {
  std::optional<CommitUnit> newest;
  Index sequence = -1;
  for (int slot = 0; slot < names::slots; ++slot) {
    const CommitUnit unit{names::slot_marker(slot)};
    const std::optional<Marker> marker = from.marker(unit);
    if (!marker || marker->index < sequence) continue;
    sequence = marker->index;
    newest = unit;
  }
  return newest;
}

bool has_checkpoint(const Archive& archive) {
  for (int slot = 0; slot < names::slots; ++slot)
    if (archive.marker({names::slot_marker(slot)})) return true;
  return false;
}

}  // namespace

void copy_units(Archive& to, const std::string& from, const UnitsToCopy& what) {
  const SlabFile source = agree(to.comm(), [&] { return SlabFile::open_serial(from); });
  for (const std::string_view stage : what.stages)
    if (source.has(names::stage_marker(stage)))
      copy_if_lacking(to, source, {names::stage_marker(stage)});
  for (Index row = 0; row < what.snapshots; ++row)
    copy_if_lacking(to, source, {std::string(names::snapshot_markers), row});
  if (has_checkpoint(to)) return;
  if (const auto slot = agree(to.comm(), [&] { return newest_slot(source); }))
    copy_if_lacking(to, source, *slot);
}

}  // namespace ntkflow
