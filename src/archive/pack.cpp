#include "ntkflow/archive/pack.hpp"

#include "archive/dataset_info.hpp"
#include "ntkflow/archive/attribute.hpp"
#include "ntkflow/archive/output.hpp"
#include "ntkflow/archive/reader.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/hdf5_handle.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hdf5_hl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>
#include <vector>

namespace ntkflow {
namespace {

constexpr Index smallest_packed = 4096;         // bytes; smaller datasets stay as they are
constexpr hsize_t chunk_elements = 128 * 1024;  // 1 MiB of numbers
constexpr unsigned deflate_level = 6;

void refuse_unless_finished(const std::string& from) {
  const ArchiveReader archive(from);
  if (!archive.complete())
    throw Error(ExitCode::mismatch,
                fmt::format("{} is not finished; run its job to the end first", from));
  for (const UnitReport& report : archive.units())
    if (report.committed && !archive.intact(report.unit))
      throw Error(
          ExitCode::io_failed,
          fmt::format("{}: {} no longer has its checksum, nothing was packed; take a copy or run "
                      "its job again with --fresh",
                      from, report.name));
}

// ---- attributes ----

// Those that the dimension scales are made of are made anew with the scales.
bool belongs_to_scales(const std::string& name) {
  static const std::set<std::string> names = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST",
                                              "DIMENSION_LABELS"};
  return names.contains(name);
}

void copy_attribute(hid_t from, hid_t to, const std::string& name) {
  const Hdf5Attribute source(H5Aopen(from, name.c_str(), H5P_DEFAULT), "opening " + name);
  const Hdf5Type type(H5Aget_type(source.get()), "H5Aget_type");
  const Hdf5Space space(H5Aget_space(source.get()), "H5Aget_space");
  std::vector<char> value(static_cast<std::size_t>(H5Aget_storage_size(source.get())));
  check_hdf5(H5Aread(source.get(), type.get(), value.data()), "reading " + name);
  const Hdf5Attribute copy(
      H5Acreate2(to, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
      "creating " + name);
  check_hdf5(H5Awrite(copy.get(), type.get(), value.data()), "writing " + name);
}

void copy_attributes(hid_t from, hid_t to) {
  for (const std::string& name : attribute_names(from))
    if (!belongs_to_scales(name)) copy_attribute(from, to, name);
}

// ---- values ----

// Whole rows where some fit, otherwise a part of one.
std::vector<hsize_t> chunk_of(const IndexList& shape) {
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  hsize_t room = chunk_elements;
  for (auto extent = chunk.rbegin(); extent != chunk.rend(); ++extent) {
    *extent = std::clamp<hsize_t>(*extent, 1, room);
    room = std::max<hsize_t>(room / *extent, 1);
  }
  return chunk;
}

bool is_packed(const SlabFile::Info& info) {
  return info.type != ElementType::text && info.rows * info.columns * 8 >= smallest_packed;
}

Hdf5Properties packed_properties(const SlabFile::Info& info) {
  Hdf5Properties properties(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
  check_hdf5(H5Pset_obj_track_times(properties.get(), false), "H5Pset_obj_track_times");
  if (!is_packed(info)) return properties;
  const std::vector<hsize_t> chunk = chunk_of(info.shape);
  check_hdf5(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()),
             "H5Pset_chunk");
  check_hdf5(H5Pset_shuffle(properties.get()), "H5Pset_shuffle");
  check_hdf5(H5Pset_deflate(properties.get(), deflate_level), "H5Pset_deflate");
  return properties;
}

void copy_slab(const Hdf5Dataset& from, const Hdf5Dataset& to, const Hdf5Type& type,
               const Slab& slab) {
  const auto [place, memory] = select(from, slab);
  std::vector<char> values(static_cast<std::size_t>(slab.count()) * H5Tget_size(type.get()));
  check_hdf5(H5Dread(from.get(), type.get(), memory.get(), place.get(), H5P_DEFAULT, values.data()),
             "reading the archive");
  check_hdf5(H5Dwrite(to.get(), type.get(), memory.get(), place.get(), H5P_DEFAULT, values.data()),
             "writing the copy");
}

void copy_values(const Hdf5Dataset& from, const Hdf5Dataset& to, const Hdf5Type& type,
                 const SlabFile::Info& info) {
  if (info.rows * info.columns == 0) return;
  const auto limit = static_cast<Index>(chunk_elements);
  const Index width = std::min(info.columns, limit);
  const Index height = std::max<Index>(limit / width, 1);
  for (Index row = 0; row < info.rows; row += height)
    for (Index column = 0; column < info.columns; column += width)
      copy_slab(from, to, type,
                {{row, std::min(row + height, info.rows)},
                 {column, std::min(column + width, info.columns)}});
}

void copy_dataset(const Hdf5File& from, const Hdf5File& to, const SlabFile::Info& info) {
  const Hdf5Dataset source(H5Dopen2(from.get(), info.path.c_str(), H5P_DEFAULT),
                           "opening " + info.path);
  const Hdf5Type type(H5Dget_type(source.get()), "H5Dget_type");
  const Hdf5Space space(H5Dget_space(source.get()), "H5Dget_space");
  const Hdf5Properties folders(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate");
  check_hdf5(H5Pset_create_intermediate_group(folders.get(), 1),
             "H5Pset_create_intermediate_group");
  const Hdf5Properties properties = packed_properties(info);
  const Hdf5Dataset copy(H5Dcreate2(to.get(), info.path.c_str(), type.get(), space.get(),
                                    folders.get(), properties.get(), H5P_DEFAULT),
                         "creating " + info.path);
  copy_attributes(source.get(), copy.get());
  copy_values(source, copy, type, info);
}

// ---- dimension scales and links ----

std::string path_of(hid_t object) {
  std::array<char, 256> name{};
  check_hdf5(static_cast<herr_t>(H5Iget_name(object, name.data(), name.size())), "H5Iget_name");
  return name.data();
}

void copy_scales(const Hdf5File& from, const Hdf5File& to, const SlabFile::Info& info) {
  const Hdf5Dataset source(H5Dopen2(from.get(), info.path.c_str(), H5P_DEFAULT), "H5Dopen2");
  const Hdf5Dataset copy(H5Dopen2(to.get(), info.path.c_str(), H5P_DEFAULT), "H5Dopen2");
  for (unsigned i = 0; i < info.shape.size(); ++i) {
    std::array<char, 64> label{};
    if (H5DSget_label(source.get(), i, label.data(), label.size()) > 0)
      check_hdf5(H5DSset_label(copy.get(), i, label.data()), "H5DSset_label");
    std::vector<std::string> scales;
    const auto collect = [](hid_t, unsigned, hid_t scale, void* list) -> herr_t {
      static_cast<std::vector<std::string>*>(list)->push_back(path_of(scale));
      return 0;
    };
    if (H5DSget_num_scales(source.get(), i) > 0)
      check_hdf5(H5DSiterate_scales(source.get(), i, nullptr, collect, &scales),
                 "H5DSiterate_scales");
    for (const std::string& path : scales) {
      const Hdf5Dataset scale(H5Dopen2(to.get(), path.c_str(), H5P_DEFAULT), "opening " + path);
      check_hdf5(H5DSattach_scale(copy.get(), scale.get(), i), "H5DSattach_scale " + path);
    }
  }
}

void make_scale(const Hdf5File& from, const Hdf5File& to, const SlabFile::Info& info) {
  const Hdf5Dataset source(H5Dopen2(from.get(), info.path.c_str(), H5P_DEFAULT), "H5Dopen2");
  if (H5DSis_scale(source.get()) <= 0) return;
  std::array<char, 64> name{};
  check_hdf5(static_cast<herr_t>(H5DSget_scale_name(source.get(), name.data(), name.size())),
             "H5DSget_scale_name");
  const Hdf5Dataset copy(H5Dopen2(to.get(), info.path.c_str(), H5P_DEFAULT), "H5Dopen2");
  check_hdf5(H5DSset_scale(copy.get(), name.data()), "H5DSset_scale " + info.path);
}

struct SoftLink {
  std::string path, target;
};

void copy_soft_links(const Hdf5File& from, const Hdf5File& to) {
  std::vector<SoftLink> links;
  const auto collect = [](hid_t group, const char* name, const H5L_info_t* link,
                          void* list) -> herr_t {
    if (link->type != H5L_TYPE_SOFT) return 0;
    std::string target(link->u.val_size, '\0');
    if (H5Lget_val(group, name, target.data(), target.size(), H5P_DEFAULT) < 0) return -1;
    static_cast<std::vector<SoftLink>*>(list)->push_back({name, target});
    return 0;
  };
  check_hdf5(H5Lvisit(from.get(), H5_INDEX_NAME, H5_ITER_INC, collect, &links), "listing links");
  for (const SoftLink& link : links)
    check_hdf5(
        H5Lcreate_soft(link.target.c_str(), to.get(), link.path.c_str(), H5P_DEFAULT, H5P_DEFAULT),
        "linking " + link.path);
}

// ---- the file ----

void write_copy(const std::string& from, const std::string& to) {
  const std::vector<SlabFile::Info> datasets = SlabFile::open_serial(from).datasets();
  const Hdf5File source(H5Fopen(from.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "opening " + from);
  Hdf5File copy(H5Fcreate(to.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "creating " + to);
  copy_attributes(source.get(), copy.get());
  for (const SlabFile::Info& info : datasets) copy_dataset(source, copy, info);
  for (const SlabFile::Info& info : datasets) make_scale(source, copy, info);
  for (const SlabFile::Info& info : datasets) copy_scales(source, copy, info);
  copy_soft_links(source, copy);
  copy.close("closing " + to);
}

void sync_and_rename(const std::string& temporary, const std::string& path) {
  const int file = ::open(temporary.c_str(), O_RDWR | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const int error_number = errno;
  if (file >= 0) ::close(file);
  if (!synced) throw_cannot_create(path, error_number);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) throw_cannot_create(path, errno);
}

}  // namespace

void pack_archive(const std::string& from, const std::string& to) {
  silence_hdf5();
  refuse_unless_finished(from);
  if (std::filesystem::exists(to)) throw_cannot_create(to, EEXIST);
  const OutputLock nobody_else(to);
  const std::string temporary = to + ".tmp";
  try {
    write_copy(from, temporary);
    sync_and_rename(temporary, to);
  } catch (...) {
    std::remove(temporary.c_str());
    throw;
  }
}

}  // namespace ntkflow
