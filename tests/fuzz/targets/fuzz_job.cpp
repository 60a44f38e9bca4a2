// Any text is a job, which survives the way through its effective text, or is refused.

#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"

#include "fuzz/targets/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace ntkflow;
  const std::string text(data, data + size);
  try {
    const JobConfig job = parse_job(text, "a.ini");
    REQUIRE(parse_job(effective_text(job), "a.ini") == job);
  } catch (const ConfigError& error) {
    require_plain_refusal(error, "a.ini:");
  }
  return 0;
}
