#include "ntkflow/archive/attribute.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

Hdf5Type text_type(std::size_t length) {
  Hdf5Type type(H5Tcopy(H5T_C_S1), "H5Tcopy");
  check_hdf5(H5Tset_size(type.get(), std::max<std::size_t>(length, 1)), "H5Tset_size");
  check_hdf5(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "H5Tset_strpad");
  check_hdf5(H5Tset_cset(type.get(), H5T_CSET_UTF8), "H5Tset_cset");
  return type;
}

void write_scalar(hid_t object, const std::string& name, hid_t in_file, hid_t in_memory,
                  const void* value) {
  const Hdf5Space scalar(H5Screate(H5S_SCALAR), "H5Screate");
  const Hdf5Attribute attribute(
      H5Acreate2(object, name.c_str(), in_file, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
      "creating attribute " + name);
  check_hdf5(H5Awrite(attribute.get(), in_memory, value), "writing attribute " + name);
}

std::string read_text_attribute(const Hdf5Attribute& attribute, const Hdf5Type& type) {
  std::string text(H5Tget_size(type.get()), '\0');
  check_hdf5(H5Aread(attribute.get(), type.get(), text.data()), "H5Aread");
  return text.substr(0, text.find('\0'));
}

template <typename Number>
std::string read_number_attribute(const Hdf5Attribute& attribute, hid_t type) {
  Number value{};
  check_hdf5(H5Aread(attribute.get(), type, &value), "H5Aread");
  return fmt::format("{}", value);
}

}  // namespace

Hdf5Type file_type(ElementType type, Index text_length) {
  switch (type) {
    case ElementType::real:
      return {H5Tcopy(H5T_IEEE_F64LE), "H5Tcopy"};
    case ElementType::integer:
      return {H5Tcopy(H5T_STD_I64LE), "H5Tcopy"};
    case ElementType::text:
      break;
  }
  return text_type(static_cast<std::size_t>(text_length));
}

void write_attribute(hid_t object, const std::string& name, const AttributeValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    const Hdf5Type type = text_type(text->size());
    write_scalar(object, name, type.get(), type.get(), text->c_str());
  } else if (const auto* integer = std::get_if<Index>(&value)) {
    write_scalar(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, integer);
  } else {
    write_scalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &std::get<double>(value));
  }
}

std::optional<std::string> read_attribute(hid_t object, const std::string& name) {
  if (H5Aexists(object, name.c_str()) <= 0) return std::nullopt;
  const Hdf5Attribute attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT),
                                "opening attribute " + name);
  const Hdf5Space space(H5Aget_space(attribute.get()), "H5Aget_space");
  const Hdf5Type type(H5Aget_type(attribute.get()), "H5Aget_type");
  if (H5Sget_simple_extent_npoints(space.get()) != 1) return std::nullopt;
  switch (H5Tget_class(type.get())) {
    case H5T_STRING:
      if (H5Tis_variable_str(type.get()) != 0) return std::nullopt;
      return read_text_attribute(attribute, type);
    case H5T_INTEGER:
      return read_number_attribute<Index>(attribute, H5T_NATIVE_INT64);
    case H5T_FLOAT:
      return read_number_attribute<double>(attribute, H5T_NATIVE_DOUBLE);
    default:
      return std::nullopt;
  }
}

std::vector<std::string> attribute_names(hid_t object) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  check_hdf5(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names),
             "listing attributes");
  return names;
}

std::vector<std::pair<std::string, std::string>> read_attributes(hid_t object) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const std::string& name : attribute_names(object))
    if (auto text = read_attribute(object, name)) attributes.emplace_back(name, std::move(*text));
  return attributes;
}

}  // namespace ntkflow
