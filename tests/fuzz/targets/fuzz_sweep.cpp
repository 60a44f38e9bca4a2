// Any text has no sweep, one of different members, or is refused.

#include "ntkflow/config/sweep.hpp"

#include "fuzz/targets/require.hpp"

#include <set>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace ntkflow;
  const std::string text(data, data + size);
  try {
    const std::optional<Sweep> sweep = parse_sweep(text, "a.ini");
    if (!sweep) return 0;
    std::set<std::string> outputs;
    for (const SweepMember& member : sweep->members) {
      REQUIRE(member.values.size() == sweep->keys.size());
      REQUIRE(outputs.insert(member.config.output).second);
    }
    REQUIRE(!outputs.empty() && outputs.size() <= 10000);
  } catch (const ConfigError& error) {
    require_plain_refusal(error, "a.ini:");
  }
  return 0;
}
