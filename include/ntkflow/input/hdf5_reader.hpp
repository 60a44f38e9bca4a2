#pragma once

#include "ntkflow/base/sample_shape.hpp"
#include "ntkflow/base/types.hpp"
#include "ntkflow/input/input_spec.hpp"

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

}  // namespace ntkflow
