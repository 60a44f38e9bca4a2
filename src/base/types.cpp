#include "ntkflow/base/types.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <limits>

namespace ntkflow {

int to_int(Index value, std::string_view what) {
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
    throw Error(ExitCode::out_of_memory,
                fmt::format("{} = {} does not fit the 32-bit int of MPI and ScaLAPACK; "
                            "use more ranks or a smaller problem",
                            what, value));
  return static_cast<int>(value);
}

}  // namespace ntkflow
