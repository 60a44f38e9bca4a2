#pragma once

#include <string>

namespace ntkflow {

/// What `ntkflow inspect FILE` prints: provenance, datasets, which stages and snapshots are
/// committed, and whether each still has its checksum. No MPI.
/// Throws: Error 66 (no such file), 73 (not ours), 76 (another version); 74 when a committed unit
/// no longer has its checksum, after the report was printed.
std::string inspect_archive(const std::string& path);

}  // namespace ntkflow
