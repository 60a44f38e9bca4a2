#pragma once

#include "ntkflow/archive/checksum.hpp"
#include "ntkflow/archive/schema.hpp"
#include "ntkflow/base/hdf5_handle.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ntkflow {

/// A rectangle of a dataset, which is seen as rows x columns: (T) has one column, () one element.
struct Slab {
  IndexRange rows;
  IndexRange columns;

  Index count() const { return rows.count() * columns.count(); }
};

/// One of several equal shares of some work: each rank's, or all of it.
struct Share {
  int mine = 0;
  int of = 1;
};

/// An HDF5 file of fixed datasets, contiguous, or chunked where they were packed, open for slabs.
/// Metadata is read once, at opening; afterwards only raw data moves, independently on each rank:
/// nothing here is collective but opening, sync and close.
///
/// Independent transfers, because OMPIO's collective ones lose data silently on a full disk; pieces
/// of bounded size; MPI_File_sync on the driver's file, because H5Fflush is metadata traffic.
class SlabFile {
 public:
  struct Info {
    std::string path;
    IndexList shape;
    Index rows = 1;
    Index columns = 1;
    ElementType type = ElementType::real;
    Index text_length = 0;
    std::string marker;  ///< commit marker of its unit; empty: not under commit
    std::string units;
    std::string long_name;

    Slab all() const { return {{0, rows}, {0, columns}}; }
    /// What a unit holds of this dataset.
    Slab part(const CommitUnit& unit) const;
  };

  /// Read-only, without MPI. Throws: Hdf5Error; Error (mismatch) for datasets that are not of our
  /// kinds.
  static SlabFile open_serial(const std::string& path);

  /// Reading and writing by all ranks. Collective; throws the same on all ranks.
  static SlabFile open_parallel(const Communicator& comm, const std::string& path);

  const std::string& path() const { return path_; }
  bool has(std::string_view dataset) const;
  /// Throws: Error (mismatch) when there is no such dataset.
  const Info& info(std::string_view dataset) const;
  /// In the order of their paths.
  std::vector<Info> datasets() const;
  /// Root attributes as text, in the order of their names.
  std::vector<std::pair<std::string, std::string>> attributes() const;

  // Shape: values are slab.count() elements, row by row. An empty slab is no call of HDF5 at all.
  // write() returns the sum of the elements' hashes (checksum.hpp).
  std::uint64_t write(std::string_view dataset, const Slab& slab, std::span<const double> values);
  std::uint64_t write(std::string_view dataset, const Slab& slab, std::span<const Index> values);
  void read(std::string_view dataset, const Slab& slab, std::span<double> values) const;
  void read(std::string_view dataset, const Slab& slab, std::span<Index> values) const;

  /// One element of a table of texts, cut to the length that the table has.
  void write_text(std::string_view dataset, Index row, const std::string& text);
  std::string read_text(std::string_view dataset, Index row) const;

  /// Sum of the hashes of a slab, or of all that a unit holds, as it is in the file: read a piece
  /// at a time. With a share, of every share.of-th piece only.
  std::uint64_t sum_of(std::string_view dataset, const Slab& slab, Share share = {}) const;
  std::uint64_t sum_of(const CommitUnit& unit, Share share = {}) const;

  /// Datasets with a part in a unit.
  std::vector<Info> members(const CommitUnit& unit) const;

  /// The marker of a unit; nothing when it is not committed.
  std::optional<Marker> marker(const CommitUnit& unit) const;
  bool marker_is_empty(const CommitUnit& unit) const;

  /// Everything that this rank wrote is on the disk when it returns. Collective.
  void sync();

  /// Collective when opened in parallel.
  void close();

 private:
  struct Open {
    Info info;
    Hdf5Dataset handle;
  };
  SlabFile(Hdf5File file, std::string path);
  const Open& find(std::string_view dataset) const;
  std::array<Index, Marker::words> marker_words(const CommitUnit& unit) const;
  template <typename Number>
  std::uint64_t write_pieces(std::string_view dataset, const Slab& slab,
                             std::span<const Number> values);
  template <typename Number>
  void read_pieces(std::string_view dataset, const Slab& slab, std::span<Number> values) const;
  template <typename Number>
  std::uint64_t sum_pieces(std::string_view dataset, const Slab& slab, Share share) const;

  std::string path_;
  Hdf5File file_;
  std::map<std::string, Open, std::less<>> datasets_;
};

}  // namespace ntkflow
