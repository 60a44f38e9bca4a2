// Any bytes are whole records of images with labels up to 9, or are refused with a ConfigError.
// Each byte stands for 16, so that records come about often.

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/cifar_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace ntkflow;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t record = 3073;
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.append(i == 0 ? 1 : 16, static_cast<char>(data[i]));
  if (size > 0 && data[0] < 16 && bytes.size() < 2 * record) bytes.resize((data[0] % 3) * record);
  LabelledImages images;
  try {
    append_cifar_batch(bytes, "a", images);
    if (bytes.size() % record != 0 || images.count() != count_of(bytes) / Index{record})
      std::abort();
  } catch (const ConfigError&) {
  }
  return 0;
}
