#pragma once

#include "ntkflow/base/sample_shape.hpp"
#include "ntkflow/base/types.hpp"
#include "ntkflow/input/input_spec.hpp"

#include <memory>
#include <string>

namespace ntkflow {

// Numbers from HDF5 files that the user names. The files are opened serially, without MPI, and are
// not trusted: only a dataset reached by hard links, stored in the file itself, contiguous or in
// chunks with the filters deflate, shuffle and Fletcher32, is read, and no memory is asked for
// before its shape has been checked against the bytes that are there. HDF5's own reading of a
// damaged file's structures cannot be guarded from here.

/// A dataset of shape (n) or (n, 1), of integers or floating-point numbers, converted to double.
///
/// Shape:  n >= 1.
/// Throws: MissingInput (no such file), ConfigError (no such dataset; another shape or type; a
/// value
///         that is not finite; a link, storage or filter that is refused).
Vector read_hdf5_vector(const DatasetPath& from);

/// Points as a file holds them.
struct StoredPoints {
  SampleShape shape;
  Matrix values;  ///< shape.size() x points, one point a column: the file's bytes in their order
};

/// A dataset of shape (points, dimension), (points, length, channels) or (points, height, width,
/// channels), otherwise like read_hdf5_vector.
StoredPoints read_hdf5_points(const DatasetPath& from);

/// A dataset of shape (rows, columns) that is read a block at a time, and otherwise checked like
/// those above. The file stays open as long as this lives.
class StoredMatrix {
 public:
  explicit StoredMatrix(const DatasetPath& from);
  ~StoredMatrix();
  StoredMatrix(StoredMatrix&&) noexcept;
  StoredMatrix& operator=(StoredMatrix&&) noexcept;

  Index rows() const;
  Index columns() const;

  /// Throws: ConfigError for a value that is not finite.
  Matrix block(IndexRange rows, IndexRange columns) const;

  /// Throws: ConfigError that names the dataset, always.
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  struct Dataset;
  std::unique_ptr<Dataset> dataset_;
};

}  // namespace ntkflow
