#include "ntkflow/base/error.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>

namespace ntkflow {

Error as_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {ExitCode::out_of_memory, "not enough memory; use more ranks or a smaller problem"};
  } catch (const std::exception& error) {
    return {ExitCode::internal,
            std::string("internal error, please report: ").append(error.what())};
  }
}

void fail_expectation(const char* condition, std::source_location where) {
  std::fprintf(stderr, "ntkflow: internal error at %s:%u in %s: expected %s; please report this\n",
               where.file_name(), static_cast<unsigned>(where.line()), where.function_name(),
               condition);
  // Under mpirun an aborting rank takes the whole job with it.
  std::abort();
}

}  // namespace ntkflow
