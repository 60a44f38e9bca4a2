// HDF5 files that the library itself has written, of any shape, type, storage and links: what is
// read is what was written, and everything else is refused. Damaged files are HDF5's own affair.

#include "ntkflow/input/hdf5_reader.hpp"

#include "ntkflow/base/hdf5_handle.hpp"

#include "fuzz/targets/require.hpp"

#include <fuzzer/FuzzedDataProvider.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <optional>

namespace ntkflow {
namespace {

using Bytes = FuzzedDataProvider;
using Handle = Hdf5Handle<H5Oclose, OnException::close>;
using File = Hdf5Handle<H5Fclose, OnException::close>;

// What is in the file, as far as the oracle needs it.
struct Written {
  std::string path;
  std::vector<hsize_t> shape;
  std::vector<double> values;  // row-major; as they are read, so rounded to the type in the file
  bool readable = true;        // by hard links, of numbers, finite, with all its values in the file
};

hid_t number_type(Bytes& bytes) {
  return bytes.PickValueInArray({H5T_IEEE_F64LE, H5T_IEEE_F64BE, H5T_IEEE_F32LE, H5T_IEEE_F32BE,
                                 H5T_STD_I8LE, H5T_STD_U8LE, H5T_STD_I16BE, H5T_STD_U16LE,
                                 H5T_STD_I32LE, H5T_STD_U32BE, H5T_STD_I64LE, H5T_STD_U64BE,
                                 H5T_NATIVE_LDOUBLE});
}

// Types that are no numbers, most of them made of one.
Hdf5Type other_type(Bytes& bytes) {
  const hid_t number = number_type(bytes);
  const hsize_t extent = bytes.ConsumeIntegralInRange<hsize_t>(1, 3);
  switch (bytes.ConsumeIntegralInRange(0, 7)) {
    case 0:
      return {H5Tvlen_create(number), "H5Tvlen_create"};
    case 1:
      return {H5Tarray_create2(number, 1, &extent), "H5Tarray_create2"};
    case 2:
      return {H5Tenum_create(H5T_STD_I16LE), "H5Tenum_create"};
    case 3:
      return {H5Tcreate(H5T_OPAQUE, extent), "H5Tcreate"};
    case 4:
      return {H5Tcopy(H5T_STD_REF_OBJ), "H5Tcopy"};
    case 5:
      return {H5Tcopy(H5T_STD_B32LE), "H5Tcopy"};
    case 6: {
      Hdf5Type text(H5Tcopy(H5T_C_S1), "H5Tcopy");
      H5Tset_size(text.get(), bytes.ConsumeBool() ? H5T_VARIABLE : 8);
      return text;
    }
    default: {
      Hdf5Type pair(H5Tcreate(H5T_COMPOUND, 2 * H5Tget_size(number)), "H5Tcreate");
      H5Tinsert(pair.get(), "a", 0, number);
      H5Tinsert(pair.get(), "b", H5Tget_size(number), number);
      return pair;
    }
  }
}

std::vector<hsize_t> small_shape(Bytes& bytes) {
  std::vector<hsize_t> shape(bytes.ConsumeIntegralInRange<std::size_t>(0, 6));
  for (hsize_t& extent : shape) extent = bytes.ConsumeIntegralInRange<hsize_t>(0, 6);
  return shape;
}

hsize_t product(const std::vector<hsize_t>& shape) {
  hsize_t count = 1;
  for (const hsize_t extent : shape) count *= extent;
  return count;
}

// Filters and layout; whether the values stay in the file, readable without loading code.
bool choose_storage(Bytes& bytes, hid_t creation, const std::vector<hsize_t>& shape) {
  const int rank = static_cast<int>(shape.size());
  switch (bytes.ConsumeIntegralInRange(0, 4)) {
    case 0:
      H5Pset_layout(creation, H5D_COMPACT);
      return true;
    case 1:
      H5Pset_external(creation, "/dev/null", 0, 8 * (product(shape) + 1));
      return false;
    case 2: {
      std::vector<hsize_t> chunk(shape.size());
      for (hsize_t& extent : chunk) extent = bytes.ConsumeIntegralInRange<hsize_t>(1, 5);
      H5Pset_chunk(creation, rank, chunk.data());
      if (bytes.ConsumeBool()) H5Pset_shuffle(creation);
      if (bytes.ConsumeBool()) H5Pset_deflate(creation, bytes.ConsumeIntegralInRange(0u, 9u));
      if (bytes.ConsumeBool()) H5Pset_fletcher32(creation);
      if (!bytes.ConsumeBool()) return true;
      bytes.ConsumeBool() ? H5Pset_nbit(creation)
                          : H5Pset_scaleoffset(creation, H5Z_SO_INT, H5Z_SO_INT_MINBITS_DEFAULT);
      return false;
    }
    case 3: {
      if (rank == 0) return true;
      const Hdf5Space all(H5Screate_simple(rank, shape.data(), nullptr), "H5Screate_simple");
      H5Pset_virtual(creation, all.get(), "/dev/shm/none.h5", "/x", all.get());
      return false;
    }
    default:
      return true;
  }
}

// One dataset with its values. Nothing when HDF5 does not make such a thing.
std::optional<Written> write_dataset(Bytes& bytes, hid_t file, const std::string& path) {
  const bool is_number = bytes.ConsumeIntegralInRange(0, 7) != 0;
  const Hdf5Type type =
      is_number ? Hdf5Type(H5Tcopy(number_type(bytes)), "H5Tcopy") : other_type(bytes);
  Written written{path, small_shape(bytes), {}, is_number};
  const int rank = static_cast<int>(written.shape.size());
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
  if (!choose_storage(bytes, creation.get(), written.shape)) written.readable = false;

  const bool is_null = bytes.ConsumeIntegralInRange(0, 15) == 0;
  const Hdf5Space space(
      is_null ? H5Screate(H5S_NULL) : H5Screate_simple(rank, written.shape.data(), nullptr),
      "H5Screate");
  const Hdf5Properties links(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate");
  H5Pset_create_intermediate_group(links.get(), 1);
  const hid_t id = H5Dcreate2(file, path.c_str(), type.get(), space.get(), links.get(),
                              creation.get(), H5P_DEFAULT);
  if (id < 0) return std::nullopt;
  const Handle dataset(id, "H5Dcreate2");

  const bool is_filled = bytes.ConsumeIntegralInRange(0, 7) != 0;
  const bool is_empty = is_null || product(written.shape) == 0;
  if (is_empty) written.readable = false;
  if (!is_number || is_empty) return written;
  written.values.resize(product(written.shape));
  for (double& value : written.values)
    value = bytes.ConsumeIntegralInRange(0, 15) == 0
                ? bytes.PickValueInArray({HUGE_VAL, -HUGE_VAL, std::nan(""), 1e300, -1e-310})
                : bytes.ConsumeIntegralInRange(-100, 100);
  if (is_filled &&
      H5Dwrite(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, written.values.data()) < 0)
    return std::nullopt;
  // Compact storage has values from the beginning.
  if (!is_filled && H5Pget_layout(creation.get()) != H5D_COMPACT) written.readable = false;
  // HDF5 converts, so that what it stored is what it gives back.
  if (H5Dread(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, written.values.data()) < 0)
    written.readable = false;
  for (const double value : written.values)
    if (!std::isfinite(value)) written.readable = false;
  return written;
}

// A huge shape of which nothing is stored.
Written claim_shape(Bytes& bytes, hid_t file, const std::string& path) {
  std::vector<hsize_t> shape(bytes.ConsumeIntegralInRange<std::size_t>(1, 4));
  for (hsize_t& extent : shape) extent = hsize_t{1} << bytes.ConsumeIntegralInRange(0, 40);
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
  const std::vector<hsize_t> chunk(shape.size(), 1);
  H5Pset_chunk(creation.get(), static_cast<int>(shape.size()), chunk.data());
  if (bytes.ConsumeBool()) H5Pset_deflate(creation.get(), 1);
  const Hdf5Space space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                        "H5Screate_simple");
  const hid_t id = H5Dcreate2(file, path.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT,
                              creation.get(), H5P_DEFAULT);
  if (id >= 0) H5Oclose(id);
  return {path, shape, {}, false};
}

// A name that leads to `target` or into the void.
std::optional<Written> write_link(Bytes& bytes, hid_t file, const std::string& path,
                                  const Written& target) {
  Written link = target;
  link.path = path;
  switch (bytes.ConsumeIntegralInRange(0, 3)) {
    case 0:
      if (H5Lcreate_hard(file, target.path.c_str(), file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT) <
          0)
        return std::nullopt;
      return link;
    case 1:
      H5Lcreate_soft(bytes.ConsumeBool() ? target.path.c_str() : path.c_str(), file, path.c_str(),
                     H5P_DEFAULT, H5P_DEFAULT);
      break;
    case 2:
      H5Lcreate_external("/proc/self/environ", "/x", file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
      break;
    default: {  // a group that is its own member, by a soft link
      const Handle group(H5Gcreate2(file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                         "H5Gcreate2");
      H5Lcreate_soft(path.c_str(), group.get(), "loop", H5P_DEFAULT, H5P_DEFAULT);
      link.path = bytes.ConsumeBool() ? path : path + "/loop/loop/x";
    }
  }
  link.readable = false;
  return link;
}

std::vector<Written> write_file(Bytes& bytes, const std::string& name) {
  File file(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "H5Fcreate");
  std::vector<Written> all;
  for (int k = bytes.ConsumeIntegralInRange(1, 3); k > 0; --k) {
    const std::string path = (bytes.ConsumeBool() ? "/x" : "/g/h/x") + std::to_string(k);
    std::optional<Written> made;
    if (bytes.ConsumeIntegralInRange(0, 7) == 0)
      made = claim_shape(bytes, file.get(), "/x" + std::to_string(k));
    else
      made = write_dataset(bytes, file.get(), path);
    if (!made) continue;
    all.push_back(*made);
    if (bytes.ConsumeIntegralInRange(0, 3) == 0)
      if (const auto link = write_link(bytes, file.get(), "/l" + std::to_string(k), *made))
        all.push_back(*link);
  }
  file.close("H5Fclose");
  return all;
}

// What `read` gives, as one row of numbers; nothing when it is refused.
template <typename Read>
std::optional<Vector> read_or_refuse(const DatasetPath& from, Read read) {
  try {
    return read(from);
  } catch (const ConfigError& error) {
    require_plain_refusal(error, from.file + ":" + from.path + ": ");
    return std::nullopt;
  }
}

Vector read_matrix(const DatasetPath& from) {
  const StoredMatrix stored(from);
  const Index rows = stored.rows(), columns = stored.columns(), middle = rows / 2;
  Matrix all(rows, columns);
  all.topRows(middle) = stored.block({0, middle}, {0, columns});
  all.bottomRows(rows - middle) = stored.block({middle, rows}, {0, columns});
  return all.transpose().reshaped();
}

// One of the three ways to read, for each of them opens the file again.
void require_read_back(Bytes& bytes, const std::string& file, const Written& written) {
  const DatasetPath from{file, written.path};
  const std::vector<hsize_t>& shape = written.shape;
  const std::size_t rank = shape.size();
  std::optional<Vector> read;
  bool has_right_shape = false;
  switch (bytes.ConsumeIntegralInRange(0, 2)) {
    case 0:
      read = read_or_refuse(from, read_hdf5_vector);
      has_right_shape = rank == 1 || (rank == 2 && shape[1] == 1);
      break;
    case 1:
      read = read_or_refuse(from, [](const DatasetPath& path) -> Vector {
        return read_hdf5_points(path).values.reshaped();
      });
      has_right_shape = 2 <= rank && rank <= 4;
      break;
    default:
      read = read_or_refuse(from, read_matrix);
      has_right_shape = rank == 2;
  }
  REQUIRE(read.has_value() == (written.readable && has_right_shape));
  if (read)
    REQUIRE(read->size() == count_of(written.values) &&
            *read == Vector::Map(written.values.data(), read->size()));
}

}  // namespace
}  // namespace ntkflow

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace ntkflow;
  silence_hdf5();
  static const std::string name = "/dev/shm/ntkflow_fuzz_" + std::to_string(getpid()) + ".h5";
  FuzzedDataProvider bytes(data, size);
  for (const Written& written : write_file(bytes, name)) require_read_back(bytes, name, written);
  std::filesystem::remove(name);
  return 0;
}
