// Any bytes are images of 32 x 32 x 3 with a label each, with every byte in its place, or are refused.

#include "ntkflow/input/cifar_reader.hpp"

#include "fuzz/targets/require.hpp"

namespace {

constexpr std::size_t plane = 1024, record = 1 + 3 * plane;

void require_image(const ntkflow::LabelledImages& images, std::size_t i, std::string_view stored) {
  REQUIRE(images.labels[i] == static_cast<unsigned char>(stored[0]) && images.labels[i] <= 9);
  const auto image = images.image(static_cast<ntkflow::Index>(i));
  for (std::size_t k = 0; k < image.size(); ++k)
    REQUIRE(image[k] == static_cast<unsigned char>(stored[1 + k % 3 * plane + k / 3]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace ntkflow;
  const std::string bytes(data, data + size);
  LabelledImages images{32, 32, 3, "", {}, ""};
  try {
    append_cifar_batch(bytes, "file", images);
    REQUIRE(static_cast<std::size_t>(images.count()) * record == size && size > 0);
    for (std::size_t i = 0; i < images.labels.size(); ++i)
      require_image(images, i, std::string_view(bytes).substr(i * record, record));
  } catch (const ConfigError& error) {
    require_plain_refusal(error, "file: ");
  }
  return 0;
}
