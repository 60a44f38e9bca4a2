#include "archive/dataset_info.hpp"

#include "ntkflow/archive/attribute.hpp"
#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace ntkflow {
namespace {

ElementType checked_type(const Hdf5Dataset& dataset, const std::string& path) {
  const Hdf5Type type(H5Dget_type(dataset.get()), "H5Dget_type");
  if (H5Tequal(type.get(), H5T_IEEE_F64LE) > 0) return ElementType::real;
  if (H5Tequal(type.get(), H5T_STD_I64LE) > 0) return ElementType::integer;
  if (H5Tget_class(type.get()) == H5T_STRING && H5Tis_variable_str(type.get()) == 0)
    return ElementType::text;
  throw Error(ExitCode::mismatch,
              fmt::format("{}: expected elements of type f8, i8 or fixed text", path));
}

bool is_packed_as_ours(const Hdf5Properties& properties) {
  for (int i = 0; i < H5Pget_nfilters(properties.get()); ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    const H5Z_filter_t id = H5Pget_filter2(properties.get(), static_cast<unsigned>(i), &flags,
                                           &values, nullptr, 0, nullptr, nullptr);
    if (id != H5Z_FILTER_SHUFFLE && id != H5Z_FILTER_DEFLATE) return false;
  }
  return H5Pget_layout(properties.get()) == H5D_CHUNKED;
}

// Data in other files or behind filters that `ntkflow pack` does not use is never ours, and
// following it is not safe.
void refuse_strange_storage(const Hdf5Dataset& dataset, const std::string& path) {
  const Hdf5Properties properties(H5Dget_create_plist(dataset.get()), "H5Dget_create_plist");
  const bool plain = H5Pget_layout(properties.get()) == H5D_CONTIGUOUS;
  if (H5Pget_external_count(properties.get()) != 0 || !(plain || is_packed_as_ours(properties)))
    throw Error(ExitCode::mismatch,
                fmt::format("{}: expected plain or deflated storage inside the file itself", path));
}

}  // namespace

SlabFile::Info read_dataset_info(const Hdf5Dataset& dataset, const std::string& path,
                                 const std::string& where) {
  refuse_strange_storage(dataset, where);
  SlabFile::Info info;
  info.path = path;
  info.type = checked_type(dataset, where);
  const Hdf5Type type(H5Dget_type(dataset.get()), "H5Dget_type");
  if (info.type == ElementType::text)
    info.text_length = static_cast<Index>(H5Tget_size(type.get()));
  const Hdf5Space space(H5Dget_space(dataset.get()), "H5Dget_space");
  std::array<hsize_t, H5S_MAX_RANK> extents{};
  const int rank = H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr);
  if (rank < 0 || rank > 2)
    throw Error(ExitCode::mismatch, fmt::format("{}: expected at most 2 dimensions", where));
  for (int i = 0; i < rank; ++i)
    info.shape.push_back(static_cast<Index>(extents[static_cast<std::size_t>(i)]));
  if (rank > 0) info.rows = info.shape[0];
  if (rank > 1) info.columns = info.shape[1];
  info.marker = read_attribute(dataset.get(), "commit_marker").value_or("");
  info.units = read_attribute(dataset.get(), "units").value_or("");
  info.long_name = read_attribute(dataset.get(), "long_name").value_or("");
  return info;
}

Selection select(const Hdf5Dataset& dataset, const Slab& slab) {
  Hdf5Space file(H5Dget_space(dataset.get()), "H5Dget_space");
  if (H5Sget_simple_extent_ndims(file.get()) > 0) {
    const auto unsigned_of = [](Index i) { return static_cast<hsize_t>(i); };
    const std::array<hsize_t, 2> start = {unsigned_of(slab.rows.first),
                                          unsigned_of(slab.columns.first)};
    const std::array<hsize_t, 2> count = {unsigned_of(slab.rows.count()),
                                          unsigned_of(slab.columns.count())};
    check_hdf5(H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                                   nullptr),
               "H5Sselect_hyperslab");
  }
  const auto elements = static_cast<hsize_t>(slab.count());
  return {std::move(file), {H5Screate_simple(1, &elements, nullptr), "H5Screate_simple"}};
}

std::vector<std::string> dataset_paths(const Hdf5File& file) {
  std::vector<std::string> paths;
  const auto collect = [](hid_t, const char* name, const H5O_info_t* object, void* list) -> herr_t {
    if (object->type == H5O_TYPE_DATASET)
      static_cast<std::vector<std::string>*>(list)->push_back(std::string("/") + name);
    return 0;
  };
  check_hdf5(H5Ovisit2(file.get(), H5_INDEX_NAME, H5_ITER_INC, collect, &paths, H5O_INFO_BASIC),
             "listing datasets");
  return paths;
}

}  // namespace ntkflow
