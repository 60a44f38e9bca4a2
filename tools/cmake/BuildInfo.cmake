# Writes OUTPUT, the definitions of base/build_info.hpp, from SOURCE_DIR's git state. Run by every
# build (cmake -P); the file is touched only when it changes.
execute_process(COMMAND git rev-parse HEAD WORKING_DIRECTORY ${SOURCE_DIR}
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
execute_process(COMMAND git status --porcelain --untracked-files=no WORKING_DIRECTORY ${SOURCE_DIR}
                OUTPUT_VARIABLE changes ERROR_QUIET)
if(failed)
  set(commit unknown)
endif()
if(changes STREQUAL "")
  set(dirty false)
else()
  set(dirty true)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "ntkflow/base/build_info.hpp"

namespace ntkflow {

std::string_view software_version() { return "@VERSION@"; }
std::string_view git_commit() { return "@commit@"; }
bool git_is_dirty() { return @dirty@; }

}  // namespace ntkflow
]])
