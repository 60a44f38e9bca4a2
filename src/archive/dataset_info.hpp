#pragma once

#include "ntkflow/archive/slab_file.hpp"

#include <string>
#include <vector>

namespace ntkflow {

/// What an open dataset is; `where` names it in messages.
/// Throws: Error (mismatch) for what this program never writes: other element types, more than two
/// dimensions, data in other files or behind other filters, which is not safe to follow.
SlabFile::Info read_dataset_info(const Hdf5Dataset& dataset, const std::string& path,
                                 const std::string& where);

/// Where a slab lies in a file, and as many elements of plain memory.
struct Selection {
  Hdf5Space file;
  Hdf5Space memory;
};

/// The place of a slab in a dataset; a scalar is its own only slab.
Selection select(const Hdf5Dataset& dataset, const Slab& slab);

/// Paths of all datasets of a file.
std::vector<std::string> dataset_paths(const Hdf5File& file);

}  // namespace ntkflow
