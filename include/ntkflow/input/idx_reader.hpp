#pragma once

#include "ntkflow/base/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// An array of unsigned bytes from an IDX file, row-major.
struct IdxArray {
  std::vector<Index> shape;  ///< 1 to 4 extents
  std::string values;        ///< as many bytes as the product of the extents
};

/// Parses the bytes of an IDX file of unsigned bytes; opens nothing. `name` is for messages.
/// Throws: ConfigError naming the file, what was expected and what found: wrong magic number or
///         element type, more than 4 extents, a product beyond 64 bits, too few or too many bytes.
/// Source: http://yann.lecun.com/exdb/mnist, "the IDX file format".
IdxArray parse_idx(std::string bytes, std::string_view name);

}  // namespace ntkflow
