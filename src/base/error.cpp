#include "ntkflow/base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace ntkflow {

void fail_expectation(const char* condition, std::source_location where) {
  std::fprintf(stderr, "ntkflow: internal error at %s:%u in %s: expected %s; please report this\n",
               where.file_name(), static_cast<unsigned>(where.line()), where.function_name(),
               condition);
  // Under mpirun an aborting rank takes the whole job with it.
  std::abort();
}

}  // namespace ntkflow
