#include "ntkflow/archive/archive.hpp"

#include "ntkflow/archive/create_file.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace ntkflow {
namespace {

constexpr Index panel_elements = Index{1} << 22;  // 32 MiB a rank while a matrix is transposed

double missing(double) {
  return std::numeric_limits<double>::quiet_NaN();
}
Index missing(Index) {
  return -1;
}

void check_writable(const std::string& path) {
  if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
    throw Error(
        ExitCode::no_permission,
        fmt::format("no permission to write {}; change it, or choose another output", path));
}

void broadcast_words(const Communicator& comm, std::span<Index> words) {
  check_mpi(MPI_Bcast(words.data(), to_int(count_of(words), "marker table"), MPI_INT64_T, 0,
                      comm.native()));
}

std::uint64_t sum_of_hashes_over_ranks(const Communicator& comm, std::uint64_t sum) {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, comm.native()));
  return sum;
}

}  // namespace

Archive::Archive(const Communicator& comm, OutputLock lock, SlabFile file)
    : comm_(&comm), lock_(std::move(lock)), file_(std::move(file)) {}

Archive Archive::create(const Communicator& comm, const std::string& path, const Schema& schema) {
  OutputLock lock = agree(comm, [&] {
    if (!comm.is_root()) return OutputLock();
    OutputLock held(path);
    create_archive_file(path, schema);
    return held;
  });
  return {comm, std::move(lock), SlabFile::open_parallel(comm, path)};
}

Archive Archive::open(const Communicator& comm, const std::string& path) {
  OutputLock lock = agree(comm, [&] {
    if (!comm.is_root()) return OutputLock();
    refuse_unless_ours(identify_output(path), path);
    check_writable(path);
    return OutputLock(path);
  });
  return {comm, std::move(lock), SlabFile::open_parallel(comm, path)};
}

void Archive::close() {
  after_all(*comm_, [&] { file_.close(); });
  lock_ = OutputLock();
}

// ---- writing ----

template <typename Number>
void Archive::write_local(std::string_view dataset, const Slab& mine,
                          std::span<const Number> values) {
  const std::uint64_t sum = file_.write(dataset, mine, values);
  if (mine.count() > 0 && !file_.info(dataset).marker.empty()) ledger_.note(dataset, mine, sum);
}

void Archive::write_slab(std::string_view dataset, const Slab& mine,
                         std::span<const double> values) {
  agree(*comm_, [&] { write_local(dataset, mine, values); });
}

void Archive::write_slab(std::string_view dataset, const Slab& mine,
                         std::span<const Index> values) {
  agree(*comm_, [&] { write_local(dataset, mine, values); });
}

void Archive::write_rows(std::string_view dataset, IndexRange mine,
                         std::span<const double> values) {
  write_slab(dataset, {mine, {0, file_.info(dataset).columns}}, values);
}

// The panel's columns go to `columns` of the dataset, row by row; what the panel lacks becomes NaN.
void Archive::write_panel(std::string_view dataset, const RowBlocks& panel, IndexRange columns) {
  const IndexRange rows = panel.partition.range(comm_->rank());
  const Index found = panel.local.cols();
  const Index height = std::max<Index>(1, panel_elements / std::max<Index>(1, columns.count()));
  Matrix transposed;
  for (Index first = rows.first; first < rows.last; first += height) {
    const IndexRange part{first, std::min(first + height, rows.last)};
    transposed.setConstant(columns.count(), part.count(), missing(0.0));
    transposed.topRows(found) =
        panel.local.middleRows(part.first - rows.first, part.count()).transpose();
    write_local(dataset, {part, columns}, span_of(std::as_const(transposed)));
  }
}

void Archive::write_rows(std::string_view dataset, const RowBlocks& blocks) {
  const SlabFile::Info& info = file_.info(dataset);
  NTKFLOW_EXPECTS(blocks.partition.count() == info.rows && blocks.local.cols() <= info.columns);
  agree(*comm_, [&] { write_panel(dataset, blocks, {0, info.columns}); });
}

void Archive::write_matrix(std::string_view dataset, const DistMatrix& matrix) {
  const SlabFile::Info& info = file_.info(dataset);
  NTKFLOW_EXPECTS(matrix.rows() == info.rows && matrix.columns() == info.columns);
  const Index rows_a_rank = Partition(info.rows, comm_->size()).block();
  const Index width = std::max<Index>(1, panel_elements / std::max<Index>(1, rows_a_rank));
  for (Index first = 0; first < info.columns; first += width) {
    const IndexRange columns{first, std::min(first + width, info.columns)};
    const RowBlocks panel = to_row_blocks(matrix, columns);
    agree(*comm_, [&] { write_panel(dataset, panel, columns); });
  }
}

// Root writes for all.
template <typename Number>
void Archive::write_padded(std::string_view dataset, const Slab& slab,
                           std::span<const Number> values) {
  NTKFLOW_EXPECTS(count_of(values) <= slab.count());
  agree(*comm_, [&] {
    if (!comm_->is_root()) return;
    std::vector<Number> padded(values.begin(), values.end());
    padded.resize(static_cast<std::size_t>(slab.count()), missing(Number{}));
    write_local(dataset, slab, std::span<const Number>(padded));
  });
}

void Archive::write_whole(std::string_view dataset, std::span<const double> values) {
  write_padded(dataset, file_.info(dataset).all(), values);
}

void Archive::write_whole(std::string_view dataset, std::span<const Index> values) {
  write_padded(dataset, file_.info(dataset).all(), values);
}

void Archive::write_text(std::string_view dataset, Index row, const std::string& text) {
  agree(*comm_, [&] {
    if (comm_->is_root()) file_.write_text(dataset, row, text);
  });
}

void Archive::write_snapshot(std::string_view dataset, Index snapshot, IndexRange mine,
                             std::span<const double> values) {
  write_slab(dataset, {{snapshot, snapshot + 1}, mine}, values);
}

void Archive::write_snapshot(std::string_view dataset, Index snapshot,
                             std::span<const double> values) {
  write_padded(dataset, {{snapshot, snapshot + 1}, {0, file_.info(dataset).columns}}, values);
}

void Archive::write_snapshot(std::string_view dataset, Index snapshot, Index value) {
  write_padded(dataset, {{snapshot, snapshot + 1}, {0, 1}}, std::span<const Index>(&value, 1));
}

// ---- reading ----

Matrix Archive::read_rows(std::string_view dataset, IndexRange mine) const {
  const SlabFile::Info& info = file_.info(dataset);
  Matrix rows(info.columns, mine.count());
  agree(*comm_, [&] { file_.read(dataset, {mine, {0, info.columns}}, span_of(rows)); });
  return rows;
}

RowBlocks Archive::read_row_blocks(std::string_view dataset, Index columns) const {
  const Partition partition(file_.info(dataset).rows, comm_->size());
  const IndexRange mine = partition.range(comm_->rank());
  RowBlocks blocks{partition, Matrix(mine.count(), columns)};
  const Index height = std::max<Index>(1, panel_elements / std::max<Index>(1, columns));
  agree(*comm_, [&] {
    Matrix transposed;
    for (Index first = mine.first; first < mine.last; first += height) {
      const IndexRange part{first, std::min(first + height, mine.last)};
      transposed.resize(columns, part.count());
      file_.read(dataset, {part, {0, columns}}, span_of(transposed));
      blocks.local.middleRows(part.first - mine.first, part.count()) = transposed.transpose();
    }
  });
  return blocks;
}

Vector Archive::read_whole(std::string_view dataset) const {
  const Slab all = file_.info(dataset).all();
  Vector values(all.count());
  agree(*comm_, [&] {
    if (comm_->is_root()) file_.read(dataset, all, span_of(values));
  });
  broadcast(*comm_, span_of(values));
  return values;
}

IndexList Archive::read_whole_integers(std::string_view dataset) const {
  const Slab all = file_.info(dataset).all();
  IndexList values(static_cast<std::size_t>(all.count()));
  agree(*comm_, [&] {
    if (comm_->is_root()) file_.read(dataset, all, std::span<Index>(values));
  });
  broadcast_words(*comm_, values);
  return values;
}

std::string Archive::read_text(std::string_view dataset, Index row) const {
  std::string text = agree(
      *comm_, [&] { return comm_->is_root() ? file_.read_text(dataset, row) : std::string(); });
  broadcast(*comm_, text);
  return text;
}

// ---- commits ----

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
  broadcast_words(*comm_, words);
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
