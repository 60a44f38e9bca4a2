#include "ntkflow/archive/archive.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

std::uint64_t sum_of_hashes_over_ranks(const Communicator& comm, std::uint64_t sum) {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, comm.native()));
  return sum;
}

}  // namespace

// Elements written since the unit was last committed, over all ranks, must be those that it has.
void Archive::check_complete(const CommitUnit& unit) const {
  const std::vector<SlabFile::Info> members = file_.members(unit);
  std::vector<double> counts;  // exact up to 2^53
  for (const SlabFile::Info& member : members)
    counts.push_back(static_cast<double>(ledger_.count(member.path, member.part(unit))));
  sum_over_ranks(*comm_, counts);
  for (std::size_t i = 0; i < members.size(); ++i)
    if (const Index expected = members[i].part(unit).count();
        counts[i] != static_cast<double>(expected))
      throw Error(ExitCode::internal,
                  fmt::format("{}:{} had {} of {} values written for {} row {}; please report this",
                              path(), members[i].path, counts[i], expected, unit.marker, unit.row));
}

void Archive::put_words(const CommitUnit& unit, std::span<const Index> words) {
  agree(*comm_, [&] {
    const Index rows = count_of(words) / Marker::words;
    if (comm_->is_root())
      file_.write(unit.marker, {{unit.row, unit.row + rows}, {0, Marker::words}}, words);
  });
  agree(*comm_, [&] { file_.sync(); });
}

void Archive::commit(const CommitUnit& unit, Index index) {
  check_complete(unit);
  agree(*comm_, [&] { file_.sync(); });
  const std::vector<SlabFile::Info> members = file_.members(unit);
  const std::uint64_t mine = agree(*comm_, [&] {
    std::uint64_t sum = 0;
    for (const auto& member : members)
      sum += ledger_.read_back(file_, member.path, member.part(unit));
    return sum;
  });
  // This reduction also holds the marker back until every rank's data is on the disk.
  const Marker marker{index, sum_of_hashes_over_ranks(*comm_, mine)};
  put_words(unit, marker.encode(unit));
  for (const auto& member : members) ledger_.forget(member.path, member.part(unit));
}

void Archive::withdraw(const CommitUnit& unit) {
  put_words(unit, std::array<Index, Marker::words>{});
}

void Archive::withdraw_snapshots(Index first) {
  const Index rows = file_.info(names::snapshot_markers).rows - first;
  if (rows <= 0) return;
  put_words({std::string(names::snapshot_markers), first},
            IndexList(static_cast<std::size_t>(rows * Marker::words)));
}

std::optional<Marker> Archive::marker(const CommitUnit& unit) const {
  std::array<Index, Marker::words> words{};
  agree(*comm_, [&] {
    if (!comm_->is_root()) return;
    if (const auto found = file_.marker(unit)) words = found->encode(unit);
  });
  broadcast(*comm_, std::span<Index>(words));
  return Marker::decode(unit, words);
}

bool Archive::stage_committed(std::string_view stage) const {
  return marker({names::stage_marker(stage)}).has_value();
}

Index Archive::committed_snapshots() const {
  const std::string table(names::snapshot_markers);
  const IndexList words = read_whole_integers(table);
  Index count = 0;
  while (count < file_.info(table).rows &&
         Marker::decode({table, count},
                        std::span(words).subspan(static_cast<std::size_t>(count * Marker::words),
                                                 static_cast<std::size_t>(Marker::words))))
    ++count;
  return count;
}

bool Archive::intact(const CommitUnit& unit) const {
  const std::optional<Marker> committed = marker(unit);
  if (!committed) return false;
  const std::uint64_t mine = agree(*comm_, [&] {
    return file_.sum_of(unit, {comm_->rank(), comm_->size()});
  });
  return sum_of_hashes_over_ranks(*comm_, mine) == committed->checksum;
}

}  // namespace ntkflow
