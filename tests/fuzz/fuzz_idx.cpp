// Any bytes are an IDX array whose shape fits its values, or are refused with a ConfigError; the
// first bit says whether they are read through gunzip.

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/idx_reader.hpp"
#include "ntkflow/input/input_file.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace ntkflow;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const IdxArray array = parse_idx((data[0] & 1) != 0 ? gunzip(bytes, "a.gz") : bytes, "a");
    Index count = 1;
    for (const Index extent : array.shape) count *= extent;
    if (count != count_of(array.values)) std::abort();
  } catch (const ConfigError&) {
  }
  return 0;
}
