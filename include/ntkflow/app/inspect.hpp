#pragma once

#include <string>

namespace ntkflow {

/// What `ntkflow inspect FILE` prints: provenance, datasets, which stages and snapshots are
/// committed, and whether each still has its checksum. No MPI.
/// Throws: Error 66 (no such file), 73 (not ours), 76 (another version); 74, after the report was
/// printed, when a committed unit no longer has its checksum or a marker is neither empty nor good.
std::string inspect_archive(const std::string& path);

/// What `ntkflow inspect --verify FILE` prints: of every stage, snapshot and checkpoint slot whether
/// it is committed and has its checksum, then one line that sums it up and says what to do.
/// Throws: as above.
std::string verify_archive(const std::string& path);

}  // namespace ntkflow
