#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/input_spec.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ntkflow {

/// Grey images with a label each, kept as the bytes they are stored as.
struct LabelledImages {
  Index height = 0;
  Index width = 0;
  std::string pixels;  ///< image after image, row-major
  std::vector<std::uint8_t> labels;
  std::string digest;  ///< XXH3-128 over the files' content, unpacked

  Index count() const { return count_of(labels); }
  Index pixel_count() const { return height * width; }

  /// The pixels of one image. Shape: pixel_count().
  std::span<const unsigned char> image(Index i) const;
};

/// One split of MNIST from its folder: train-*-ubyte or t10k-*-ubyte, where there is no such file
/// with .gz appended.
/// Throws: MissingInput (no such file), ConfigError (damaged, or images and labels do not match).
LabelledImages read_mnist(const std::filesystem::path& folder, Split split);

/// The images with these labels, in the order of the file.
/// Throws: ConfigError when a class is listed twice or no image has it.
LabelledImages select_classes(const LabelledImages& all, const std::vector<Index>& classes);

}  // namespace ntkflow
