#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/input_spec.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ntkflow {

/// Grey or colour images with a label each, kept as the bytes they are stored as.
struct LabelledImages {
  Index height = 0;
  Index width = 0;
  Index channels = 1;
  std::string pixels;  ///< image after image, row-major, the channel fastest
  std::vector<std::uint8_t> labels;
  std::string digest;  ///< XXH3-128 over the files' content, unpacked

  Index count() const { return count_of(labels); }
  Index bytes_per_image() const { return height * width * channels; }

  /// Shape: bytes_per_image().
  std::span<const unsigned char> image(Index i) const;
};

/// One split of MNIST from its folder: train-*-ubyte or t10k-*-ubyte, where there is no such file
/// with .gz appended.
/// Throws: MissingInput (no such file), ConfigError (damaged, or images and labels do not match).
LabelledImages read_mnist(const std::filesystem::path& folder, Split split);

/// The images with these labels, in the order of the file; all of them when there are no classes.
/// Throws: ConfigError when a class is listed twice or no image has it.
LabelledImages select_classes(LabelledImages all, const std::vector<Index>& classes);

}  // namespace ntkflow
