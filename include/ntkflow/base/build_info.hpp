#pragma once

#include <string_view>

namespace ntkflow {

// Where this binary comes from; fixed when it was built.

std::string_view software_version();  ///< "0.1.0"
std::string_view git_commit();        ///< 40 hexadecimal digits; "unknown" outside a repository
bool git_is_dirty();                  ///< the source had changes that were not committed

}  // namespace ntkflow
