#pragma once

#include "ntkflow/archive/schema.hpp"

#include <string>

namespace ntkflow {

/// Reserves an archive under its final name; one rank does it.
///
/// Every dataset gets its final shape, contiguous and allocated at once; attributes and small
/// contents are written; then the disk blocks are reserved (posix_fallocate: HDF5's own early
/// allocation leaves the file sparse), synced, and PATH.tmp is renamed to PATH. From then on no
/// metadata changes, so that the file opens after a kill at any instant. Datasets up to 1 MiB start
/// as NaN, zero or empty; larger ones are only reserved.
///
/// A PATH.tmp that a killed run left over is replaced.
/// Throws: Error 73 (folder missing, PATH taken, disk too small: with the numbers), 77
/// (permission).
void create_archive_file(const std::string& path, const Schema& schema);

}  // namespace ntkflow
