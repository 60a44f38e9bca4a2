// Any bytes are an IDX array whose shape has as many values as there are, or are refused.

#include "ntkflow/input/idx_reader.hpp"

#include "fuzz/targets/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace ntkflow;
  const std::string bytes(data, data + size);
  try {
    const IdxArray array = parse_idx(bytes, "file");
    REQUIRE(1 <= array.shape.size() && array.shape.size() <= 4);
    Index product = 1;
    for (const Index extent : array.shape) product *= extent;
    REQUIRE(product == count_of(array.values));
    REQUIRE(bytes.ends_with(array.values));
    REQUIRE(bytes.size() == 4 + 4 * array.shape.size() + array.values.size());
  } catch (const ConfigError& error) {
    require_plain_refusal(error, "file: ");
  }
  return 0;
}
