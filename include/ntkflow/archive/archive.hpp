#pragma once

#include "ntkflow/archive/checksum.hpp"
#include "ntkflow/archive/ledger.hpp"
#include "ntkflow/archive/names.hpp"
#include "ntkflow/archive/output.hpp"
#include "ntkflow/archive/schema.hpp"
#include "ntkflow/archive/slab_file.hpp"
#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/dist_matrix.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// A run's archive, written by all ranks so that what was committed survives a kill or a power loss
/// at any instant (layout and reasons: create_file.hpp, checksum.hpp).
///
/// The file never grows: every dataset has its final shape and its disk blocks from the start. What
/// is written counts only when its unit is committed, and there are three kinds of units: a stage
/// (whole datasets), a snapshot (row i of every per-snapshot dataset) and a checkpoint slot
/// (checkpoint.hpp). A commit is: sync, read back what each rank wrote and compare, then a marker,
/// sync.
///
/// Every function here but the shape queries is collective on the communicator, which must outlive
/// the archive; when one rank fails, all ranks throw. While the archive is open, PATH.lock is locked
/// against a second run.
class Archive {
 public:
  /// Reserves a new archive, complete with attributes and zeros, under its final name.
  /// Throws: Error 73 (folder missing, path taken, disk too small), 77 (no permission, in use).
  static Archive create(const Communicator& comm, const std::string& path, const Schema& schema);

  /// Opens an existing archive to go on with it.
  /// Throws: Error 66 (no such file), 73 (not an archive), 76 (another major version), 77 (in use,
  /// no permission).
  static Archive open(const Communicator& comm, const std::string& path);

  /// Throws: Error 74. Leaving by an exception instead leaves the file open: closing is collective.
  void close();

  const Communicator& comm() const { return *comm_; }
  const std::string& path() const { return file_.path(); }
  const IndexList& shape(std::string_view dataset) const { return file_.info(dataset).shape; }

  // ---- whole datasets ----

  /// Each rank writes its rows, all columns of them.
  /// Shape: values mine.count() x columns, row by row: the bytes of a Matrix with a sample a column.
  void write_rows(std::string_view dataset, IndexRange mine, std::span<const double> values);

  /// Row blocks of a matrix; columns of the dataset beyond those of the matrix become NaN.
  void write_rows(std::string_view dataset, const RowBlocks& blocks);

  /// A block-cyclic matrix, redistributed a bounded panel of columns at a time.
  void write_matrix(std::string_view dataset, const DistMatrix& matrix);

  /// Values that every rank has; root writes them. Missing entries become NaN, or -1.
  void write_whole(std::string_view dataset, std::span<const double> values);
  void write_whole(std::string_view dataset, std::span<const Index> values);
  void write_whole(std::string_view dataset, Index value) {
    write_whole(dataset, std::span<const Index>(&value, 1));
  }

  /// One element of a table of texts; cut to the length that the table has. Not under commit.
  void write_text(std::string_view dataset, Index row, const std::string& text);

  // ---- one snapshot ----

  /// Each rank writes its columns of row `snapshot`.
  void write_snapshot(std::string_view dataset, Index snapshot, IndexRange mine,
                      std::span<const double> values);

  /// Values that every rank has; root writes them. Missing columns become NaN.
  void write_snapshot(std::string_view dataset, Index snapshot, std::span<const double> values);
  void write_snapshot(std::string_view dataset, Index snapshot, double value) {
    write_snapshot(dataset, snapshot, std::span<const double>(&value, 1));
  }
  void write_snapshot(std::string_view dataset, Index snapshot, Index value);

  // ---- reading back ----

  /// This rank's rows. Shape: columns x mine.count(), one row of the dataset a column.
  Matrix read_rows(std::string_view dataset, IndexRange mine) const;

  /// The first `columns` columns as row blocks over all ranks.
  RowBlocks read_row_blocks(std::string_view dataset, Index columns) const;

  /// All values, row by row, on every rank: for small datasets.
  Vector read_whole(std::string_view dataset) const;
  IndexList read_whole_integers(std::string_view dataset) const;
  std::string read_text(std::string_view dataset, Index row = 0) const;

  // ---- commits ----

  /// Throws: Error 74 on all ranks when the file does not hold what was written, Error 70 naming
  /// the dataset when a dataset of the unit was not written completely.
  void commit_stage(std::string_view stage) { commit({names::stage_marker(stage)}, 0); }
  void commit_snapshot(Index snapshot) {
    commit({std::string(names::snapshot_markers), snapshot}, snapshot);
  }

  bool stage_committed(std::string_view stage) const;

  /// Snapshots 0, 1, ..., count - 1 are committed.
  Index committed_snapshots() const;

  /// Takes back the markers of snapshots first, first + 1, ...: they will be written again.
  void withdraw_snapshots(Index first);

  // The general form, for checkpoint slots. `index` is stored in the marker.
  void commit(const CommitUnit& unit, Index index);
  void withdraw(const CommitUnit& unit);
  std::optional<Marker> marker(const CommitUnit& unit) const;
  /// Datasets with a part in a unit.
  std::vector<SlabFile::Info> members(const CommitUnit& unit) const { return file_.members(unit); }
  /// Whether the unit's data still has its marker's checksum.
  bool intact(const CommitUnit& unit) const;
  /// One slab of this rank, counted towards its unit's commit.
  void write_slab(std::string_view dataset, const Slab& mine, std::span<const double> values);
  void write_slab(std::string_view dataset, const Slab& mine, std::span<const Index> values);

 private:
  Archive(const Communicator& comm, OutputLock lock, SlabFile file);
  template <typename Number>
  void write_local(std::string_view dataset, const Slab& mine, std::span<const Number> values);
  template <typename Number>
  void write_padded(std::string_view dataset, const Slab& slab, std::span<const Number> values);
  void write_panel(std::string_view dataset, const RowBlocks& panel, IndexRange columns);
  void check_complete(const CommitUnit& unit) const;
  void put_words(const CommitUnit& unit, std::span<const Index> words);

  const Communicator* comm_;
  OutputLock lock_;
  SlabFile file_;
  Ledger ledger_;
};

}  // namespace ntkflow
