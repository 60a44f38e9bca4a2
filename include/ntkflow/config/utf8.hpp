#pragma once

#include <string>
#include <string_view>

namespace ntkflow {

/// The text with every control character but the tab, and every byte that is not UTF-8 replaced by
/// '?': safe on a terminal and in HDF5. A text that equals its printable form is one clean line.
std::string printable(std::string_view text);

}  // namespace ntkflow
