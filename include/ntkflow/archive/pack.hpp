#pragma once

#include <string>

namespace ntkflow {

/// Writes a compressed copy of a finished archive: the same datasets, values, attributes, markers and
/// dimension scales; what is larger than a few pages is shuffled and deflated in chunks. Under its
/// final name only when it is whole and on the disk. No MPI; a chunk at a time in memory.
/// Throws: Error 66 (no such file), 73 (`from` is no archive, `to` exists or cannot be made), 76
///         (another version; not finished), 74 (a checksum of `from` no longer holds; writing
///         failed).
void pack_archive(const std::string& from, const std::string& to);

}  // namespace ntkflow
