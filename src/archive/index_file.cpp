#include "ntkflow/archive/index_file.hpp"

#include "ntkflow/archive/attribute.hpp"
#include "ntkflow/archive/create_file.hpp"
#include "ntkflow/archive/output.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/hdf5_handle.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace ntkflow {
namespace {

bool is_index(const std::string& path) {
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (id < 0) return false;
  const Hdf5File file(id, "H5Fopen");
  return read_attribute(file.get(), "format") == index_format;
}

void add_links(const std::string& path, const std::vector<FileLink>& links) {
  Hdf5File file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "opening " + path);
  const Hdf5Properties folders(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate");
  check_hdf5(H5Pset_create_intermediate_group(folders.get(), 1),
             "H5Pset_create_intermediate_group");
  for (const FileLink& link : links)
    check_hdf5(H5Lcreate_external(link.file.c_str(), "/", file.get(), link.path.c_str(),
                                  folders.get(), H5P_DEFAULT),
               "linking " + link.file);
  file.close("closing " + path);
}

}  // namespace

void replace_index_file(const std::string& path, const Schema& schema,
                        const std::vector<FileLink>& links) {
  silence_hdf5();
  if (std::filesystem::exists(path) && !is_index(path))
    throw Error(
        ExitCode::cannot_create,
        fmt::format("{} exists and is no index of ntkflow; move it away or choose another output",
                    path));
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());  // left over by a killed run
  create_archive_file(fresh, schema);
  add_links(fresh, links);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) throw_cannot_create(path, errno);
}

}  // namespace ntkflow
