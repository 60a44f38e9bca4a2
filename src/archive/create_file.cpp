#include "ntkflow/archive/create_file.hpp"

#include "ntkflow/archive/attribute.hpp"
#include "ntkflow/archive/names.hpp"
#include "ntkflow/archive/output.hpp"
#include "ntkflow/base/hdf5_handle.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hdf5_hl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <span>

namespace ntkflow {
namespace {

constexpr Index filled_up_to = Index{1} << 20;  // bytes; larger datasets are only reserved
constexpr Index metadata_block = Index{1} << 19;

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

double mebibytes(Index bytes) {
  return static_cast<double>(bytes) / (1 << 20);
}

void check_space(const std::string& path, Index needed) {
  struct statvfs disk {};
  if (statvfs(folder_of(path).c_str(), &disk) != 0) throw_cannot_create(path, errno);
  const auto free = static_cast<Index>(disk.f_bavail) * static_cast<Index>(disk.f_frsize);
  if (needed > free)
    throw Error(ExitCode::cannot_create,
                fmt::format("cannot create {}: it needs {:.1f} MiB and the disk has {:.1f} MiB "
                            "free; free some space or choose another output",
                            path, mebibytes(needed), mebibytes(free)));
  struct rlimit limit {};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      static_cast<rlim_t>(needed) > limit.rlim_cur)
    throw Error(
        ExitCode::cannot_create,
        fmt::format("cannot create {}: it needs {:.1f} MiB and `ulimit -f` allows {:.1f} "
                    "MiB a file; raise that limit",
                    path, mebibytes(needed), mebibytes(static_cast<Index>(limit.rlim_cur))));
}

// No object times: they would be metadata writes at every change. Blocks from the start.
Hdf5Properties creation_properties(const DatasetSpec& dataset) {
  Hdf5Properties properties(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
  const hid_t id = properties.get();
  check_hdf5(H5Pset_layout(id, H5D_CONTIGUOUS), "H5Pset_layout");
  check_hdf5(H5Pset_alloc_time(id, H5D_ALLOC_TIME_EARLY), "H5Pset_alloc_time");
  check_hdf5(H5Pset_obj_track_times(id, false), "H5Pset_obj_track_times");
  const bool fill = dataset.bytes() <= filled_up_to;
  check_hdf5(H5Pset_fill_time(id, fill ? H5D_FILL_TIME_ALLOC : H5D_FILL_TIME_NEVER),
             "H5Pset_fill_time");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (dataset.type == ElementType::real)
    check_hdf5(H5Pset_fill_value(id, H5T_NATIVE_DOUBLE, &nan), "H5Pset_fill_value");
  return properties;
}

Hdf5Space space_of(const DatasetSpec& dataset) {
  if (dataset.shape.empty()) return {H5Screate(H5S_SCALAR), "H5Screate"};
  const std::vector<hsize_t> extents(dataset.shape.begin(), dataset.shape.end());
  return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
          "H5Screate_simple"};
}

// Texts of a table in one block, each padded with zeros.
std::string padded(std::span<const std::string> texts, Index length) {
  std::string block;
  for (std::string text : texts) {
    text.resize(static_cast<std::size_t>(length), '\0');
    block += text;
  }
  return block;
}

void write_contents(const Hdf5Dataset& handle, const DatasetSpec& dataset, const Hdf5Type& type) {
  const auto write = [&](hid_t memory_type, Index count, const void* values) {
    NTKFLOW_EXPECTS(count == dataset.count());
    check_hdf5(H5Dwrite(handle.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
               "writing " + dataset.path);
  };
  if (const auto* text = std::get_if<std::string>(&dataset.contents))
    write(type.get(), 1, padded({text, 1}, dataset.text_length).data());
  else if (const auto* texts = std::get_if<std::vector<std::string>>(&dataset.contents))
    write(type.get(), count_of(*texts), padded(*texts, dataset.text_length).data());
  else if (const auto* integers = std::get_if<IndexList>(&dataset.contents))
    write(H5T_NATIVE_INT64, count_of(*integers), integers->data());
  else if (const auto* reals = std::get_if<std::vector<double>>(&dataset.contents))
    write(H5T_NATIVE_DOUBLE, count_of(*reals), reals->data());
}

void create_dataset(const Hdf5File& file, const DatasetSpec& dataset) {
  const Hdf5Properties links(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate");
  check_hdf5(H5Pset_create_intermediate_group(links.get(), 1), "H5Pset_create_intermediate_group");
  const Hdf5Properties properties = creation_properties(dataset);
  const Hdf5Type type = file_type(dataset.type, dataset.text_length);
  const Hdf5Space space = space_of(dataset);
  Hdf5Dataset handle(H5Dcreate2(file.get(), dataset.path.c_str(), type.get(), space.get(),
                                links.get(), properties.get(), H5P_DEFAULT),
                     "creating " + dataset.path);
  write_attribute(handle.get(), "units", dataset.units);
  write_attribute(handle.get(), "long_name", dataset.long_name);
  if (!dataset.marker.empty()) write_attribute(handle.get(), "commit_marker", dataset.marker);
  write_contents(handle, dataset, type);
  handle.close("closing " + dataset.path);
}

std::string scale_of(const std::string& dimension) {
  return dimension == names::time_dimension ? std::string(names::time)
                                            : names::dimension_scale(dimension);
}

void make_scale(const Hdf5File& file, const std::string& dimension) {
  const std::string path = scale_of(dimension);
  const Hdf5Dataset scale(H5Dopen2(file.get(), path.c_str(), H5P_DEFAULT), "opening " + path);
  if (H5DSis_scale(scale.get()) == 0)
    check_hdf5(H5DSset_scale(scale.get(), dimension.c_str()), "H5DSset_scale " + path);
}

void attach_scales(const Hdf5File& file, const DatasetSpec& dataset) {
  const Hdf5Dataset handle(H5Dopen2(file.get(), dataset.path.c_str(), H5P_DEFAULT),
                           "opening " + dataset.path);
  for (unsigned i = 0; i < dataset.dimensions.size(); ++i) {
    const std::string& dimension = dataset.dimensions[i];
    const std::string path = scale_of(dimension);
    check_hdf5(H5DSset_label(handle.get(), i, dimension.c_str()), "H5DSset_label");
    if (path == dataset.path) continue;  // a scale has no scales
    const Hdf5Dataset scale(H5Dopen2(file.get(), path.c_str(), H5P_DEFAULT), "opening " + path);
    check_hdf5(H5DSattach_scale(handle.get(), scale.get(), i), "H5DSattach_scale " + path);
  }
}

Hdf5File create_hdf5(const std::string& path) {
  const Hdf5Properties creation(H5Pcreate(H5P_FILE_CREATE), "H5Pcreate");
  check_hdf5(H5Pset_obj_track_times(creation.get(), false), "H5Pset_obj_track_times");
  const Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate");
  // The earliest file format has no flags that would mark the file as open for writing.
  check_hdf5(H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST),
             "H5Pset_libver_bounds");
  // So that no element lies across two sectors.
  check_hdf5(H5Pset_alignment(access.get(), 1, 8), "H5Pset_alignment");
  // All metadata together at the front, away from the data that is written later.
  check_hdf5(H5Pset_meta_block_size(access.get(), static_cast<hsize_t>(metadata_block)),
             "H5Pset_meta_block_size");
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), "creating " + path};
}

// netCDF readers look for the scale of a dimension in the root.
void link_time(const Hdf5File& file) {
  const std::string target(names::time);
  if (H5Lexists(file.get(), "/snapshot", H5P_DEFAULT) <= 0 ||
      H5Lexists(file.get(), target.c_str(), H5P_DEFAULT) <= 0)
    return;
  check_hdf5(H5Lcreate_soft(target.c_str(), file.get(),
                            names::dimension_scale(names::time_dimension).c_str(), H5P_DEFAULT,
                            H5P_DEFAULT),
             "linking " + target);
}

void write_layout(const std::string& path, const Schema& schema) {
  Hdf5File file = create_hdf5(path);
  for (const auto& [name, value] : schema.attributes) write_attribute(file.get(), name, value);
  for (const DatasetSpec& dataset : schema.datasets) create_dataset(file, dataset);
  for (const DatasetSpec& dataset : schema.datasets)
    for (const std::string& dimension : dataset.dimensions) make_scale(file, dimension);
  for (const DatasetSpec& dataset : schema.datasets) attach_scales(file, dataset);
  link_time(file);
  file.close("closing " + path);
}

// A POSIX file descriptor that is closed in any case.
struct Descriptor {
  int id;
  ~Descriptor() {
    if (id >= 0) ::close(id);
  }
};

void reserve_and_sync(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
  struct stat status {};
  if (file.id < 0 || fstat(file.id, &status) != 0) throw_cannot_create(path, errno);
  if (const int error = posix_fallocate(file.id, 0, status.st_size); error != 0)
    throw_cannot_create(path, error);
  if (fsync(file.id) != 0) throw_cannot_create(path, errno);
}

void sync_folder(const std::string& path) {
  const Descriptor folder{::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.id < 0 || fsync(folder.id) != 0) throw_cannot_create(path, errno);
}

}  // namespace

void create_archive_file(const std::string& path, const Schema& schema) {
  silence_hdf5();
  const std::string temporary = path + ".tmp";
  if (faccessat(AT_FDCWD, folder_of(path).c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    throw_cannot_create(path, errno);
  if (std::filesystem::exists(path)) throw_cannot_create(path, EEXIST);
  check_space(path, schema.bytes() + metadata_block);
  ::unlink(temporary.c_str());  // left over by a killed run
  try {
    write_layout(temporary, schema);
    reserve_and_sync(temporary);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw_cannot_create(path, errno);
  } catch (const Hdf5Error& error) {
    ::unlink(temporary.c_str());
    throw Error(ExitCode::cannot_create, fmt::format("cannot create {}: {}", path, error.what()));
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(path);
}

}  // namespace ntkflow
