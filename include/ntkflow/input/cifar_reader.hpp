#pragma once

#include "ntkflow/input/labelled_images.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ntkflow {

/// Parses the bytes of a CIFAR-10 binary batch, full or partial, and appends its images and labels;
/// opens nothing. `name` is for messages. The planes of red, green and blue become one image of
/// 32 x 32 positions with 3 channels, the channel fastest.
/// Throws: ConfigError naming the file: no bytes, no whole number of records, a label above 9.
/// Source: Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version": records
///         of 3,073 bytes, a label and three row-major planes.
void append_cifar_batch(std::string_view bytes, std::string_view name, LabelledImages& images);

/// One split of CIFAR-10 from its folder: every data_batch_N*.bin in the order of N, or test_batch*.bin,
/// where there is no such file with .gz appended; `*` begins with a dot or is empty.
/// Throws: MissingInput (no such file), ConfigError (damaged; two files of one batch).
LabelledImages read_cifar10(const std::filesystem::path& folder, Split split);

}  // namespace ntkflow
