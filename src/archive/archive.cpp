#include "ntkflow/archive/archive.hpp"

#include "ntkflow/archive/create_file.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

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
  broadcast(*comm_, std::span<Index>(values));
  return values;
}

std::string Archive::read_text(std::string_view dataset, Index row) const {
  std::string text = agree(
      *comm_, [&] { return comm_->is_root() ? file_.read_text(dataset, row) : std::string(); });
  broadcast(*comm_, text);
  return text;
}

}  // namespace ntkflow
