#pragma once

#include "ntkflow/archive/checksum.hpp"
#include "ntkflow/archive/slab_file.hpp"

#include <string>
#include <vector>

namespace ntkflow {

/// What an archive says about one of its commit units.
struct UnitReport {
  CommitUnit unit;
  std::string name;  ///< "stage points", "snapshot 3", "checkpoint slot 0"
  bool committed = false;
  Index index = 0;  ///< of a committed unit: the snapshot, or the sequence number of a checkpoint
  bool marker_damaged = false;  ///< neither empty nor good
};

/// Reads an archive without MPI, also while a run is writing it.
class ArchiveReader {
 public:
  /// Throws: Error 66 (no such file), 73 (not an archive of ours), 76 (another major version).
  explicit ArchiveReader(const std::string& path);

  std::vector<std::pair<std::string, std::string>> attributes() const { return file_.attributes(); }
  std::vector<SlabFile::Info> datasets() const { return file_.datasets(); }

  /// Snapshots, stages and checkpoint slots.
  std::vector<UnitReport> units() const;

  /// Every stage and snapshot is committed.
  bool complete() const;

  /// Recomputes the checksum of a committed unit.
  bool intact(const CommitUnit& unit) const;

  std::vector<double> read(std::string_view dataset) const;
  std::vector<Index> read_integers(std::string_view dataset) const;
  std::string read_text(std::string_view dataset, Index row = 0) const {
    return file_.read_text(dataset, row);
  }

 private:
  SlabFile file_;
};

}  // namespace ntkflow
