#pragma once

#include "ntkflow/archive/archive.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// What one archive takes over from another, of the same problem.
struct UnitsToCopy {
  std::vector<std::string_view> stages;
  Index snapshots = 0;  ///< the first so many
};

/// Copies what is committed in the archive `from` to the same places in `to` and commits it there:
/// stages, snapshots, and then the newest checkpoint. What `to` has committed already stays, so
/// that a copy that was killed goes on.
/// Collective on to.comm(). Throws: on all ranks, Error 76 when a dataset has another shape there,
/// 74 when what is copied no longer has its checksum.
void copy_units(Archive& to, const std::string& from, const UnitsToCopy& what);

}  // namespace ntkflow
