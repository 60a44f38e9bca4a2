#pragma once

#include "ntkflow/archive/schema.hpp"

#include <string>
#include <vector>

namespace ntkflow {

/// A name in an index file for the root of another HDF5 file, so that a reader of the index sees
/// what is in that file below the name.
struct FileLink {
  std::string path;  ///< in the index
  std::string file;  ///< relative to the index's folder
};

/// Writes an index of archives: tables whose contents the schema has, and links. What was there
/// under that name is replaced at once or not at all. One rank does it; no MPI.
/// Throws: Error 73 when something that is no index of ours is in the way, or the disk is too small;
/// 77 without permission; 74 when writing fails.
void replace_index_file(const std::string& path, const Schema& schema,
                        const std::vector<FileLink>& links);

/// Root attribute `format` of an index.
inline constexpr const char* index_format = "ntkflow index";

}  // namespace ntkflow
