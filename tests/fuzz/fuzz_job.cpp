// Any bytes are a job or are refused with a ConfigError of one printable line, and a job survives
// the way through its effective text.

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"
#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"
#include "ntkflow/config/value_text.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace ntkflow;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const JobConfig job = parse_job(text, "a.ini");
    if (!(parse_job(effective_text(job), "b.ini") == job)) std::abort();
  } catch (const ConfigError& error) {
    if (printable(error.what()) != error.what()) std::abort();
  }
  return 0;
}
