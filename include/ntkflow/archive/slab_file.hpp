#pragma once

#include "ntkflow/archive/schema.hpp"
#include "ntkflow/base/hdf5_handle.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <functional>
#include <map>

namespace ntkflow {

/// A rectangle of a dataset, which is seen as rows x columns: (T) has one column, () one element.
struct Slab {
  IndexRange rows;
  IndexRange columns;

  Index count() const { return rows.count() * columns.count(); }
};

/// An HDF5 file of fixed, contiguous datasets, open for slabs. Metadata is read once, at opening;
/// afterwards only raw data moves, independently on each rank: nothing here is collective but
/// opening, sync and close.
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
    std::string marker;
    std::string units;
    std::string long_name;

    Slab all() const { return {{0, rows}, {0, columns}}; }
  };

  /// Read-only, without MPI. Throws: Error (cannot create, mismatch) when it is not an archive of
  /// ours or of another major version; Hdf5Error.
  static SlabFile open_serial(const std::string& path);

  /// Reading and writing by all ranks. Collective. Throws on all ranks.
  static SlabFile open_parallel(const Communicator& comm, const std::string& path);

  const std::string& path() const { return path_; }
  bool has(std::string_view dataset) const;
  /// Throws: Error (mismatch) when the archive has no such dataset.
  const Info& info(std::string_view dataset) const;
  /// In the order of their paths.
  std::vector<Info> datasets() const;
  /// Root attributes as text, in the order of their names.
  std::vector<std::pair<std::string, std::string>> attributes() const;

  // Shape: values are slab.count() elements, row by row. Empty slabs are welcome.
  void write(std::string_view dataset, const Slab& slab, std::span<const double> values);
  void write(std::string_view dataset, const Slab& slab, std::span<const Index> values);
  void write_text(std::string_view dataset, Index row, const std::string& text);
  void read(std::string_view dataset, const Slab& slab, std::span<double> values) const;
  void read(std::string_view dataset, const Slab& slab, std::span<Index> values) const;
  std::string read_text(std::string_view dataset, Index row) const;

  /// Sum of element hashes (checksum.hpp) of a slab as it is in the file, read a piece at a time.
  std::uint64_t sum_of(std::string_view dataset, const Slab& slab) const;

  /// Everything that this rank wrote is on the disk when it returns. Collective.
  void sync();

  /// Collective when opened in parallel.
  void close();

 private:
  SlabFile(Hdf5File file, std::string path);
  struct Open {
    Info info;
    Hdf5Dataset handle;
  };
  const Open& find(std::string_view dataset) const;

  std::string path_;
  Hdf5File file_;
  std::map<std::string, Open, std::less<>> datasets_;
};

}  // namespace ntkflow
