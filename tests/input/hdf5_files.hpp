#pragma once

#include "ntkflow/base/hdf5_handle.hpp"

#include <filesystem>
#include <vector>

namespace ntkflow {

inline Hdf5File create_hdf5(const std::filesystem::path& path) {
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "H5Fcreate"};
}

inline Hdf5File reopen_hdf5(const std::filesystem::path& path) {
  return {H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "H5Fopen"};
}

/// A dataset without values, of any type, shape and creation properties.
inline Hdf5Dataset create_dataset(const Hdf5File& file, const char* name,
                                  const std::vector<hsize_t>& shape, hid_t type,
                                  hid_t properties = H5P_DEFAULT) {
  const Hdf5Space space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                        "H5Screate_simple");
  return {H5Dcreate2(file.get(), name, type, space.get(), H5P_DEFAULT, properties, H5P_DEFAULT),
          "H5Dcreate2"};
}

/// A dataset of these doubles, converted to `type` in the file.
inline void write_dataset(const Hdf5File& file, const char* name, const std::vector<hsize_t>& shape,
                          const std::vector<double>& values, hid_t type = H5T_IEEE_F64LE,
                          hid_t properties = H5P_DEFAULT) {
  const Hdf5Dataset dataset = create_dataset(file, name, shape, type, properties);
  check_hdf5(
      H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
      "H5Dwrite");
}

}  // namespace ntkflow
