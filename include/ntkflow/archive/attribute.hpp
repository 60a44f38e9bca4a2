#pragma once

#include "ntkflow/archive/schema.hpp"
#include "ntkflow/base/hdf5_handle.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ntkflow {

/// HDF5's type of an element in a file: IEEE f8 or i8, little-endian, or UTF-8 text of fixed
/// length, padded with zeros.
Hdf5Type file_type(ElementType type, Index text_length);

/// Writes an attribute of a file, group or dataset.
void write_attribute(hid_t object, const std::string& name, const AttributeValue& value);

/// An attribute as text, numbers in their shortest exact form; nothing when it is not there or is
/// none of our three types.
std::optional<std::string> read_attribute(hid_t object, const std::string& name);

/// The names of all attributes, in their order.
std::vector<std::string> attribute_names(hid_t object);

/// All attributes that read_attribute() reads, in the order of their names.
std::vector<std::pair<std::string, std::string>> read_attributes(hid_t object);

}  // namespace ntkflow
