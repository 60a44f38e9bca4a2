// A valid HDF5 file, made by the library as the bytes say: shapes, types, storage, filters, links,
// counts that match or not, values that are numbers or not. It is read as points, or refused with a
// message. HDF5's own way with damaged structures is not looked at.

#include "input/hdf5_files.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/input/explicit_points.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

using namespace ntkflow;

namespace {

/// Takes choices from the bytes, zeros at their end.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : next_(data), end_(data + size) {}
  unsigned below(unsigned count) { return byte() % count; }
  unsigned byte() { return next_ < end_ ? *next_++ : 0; }

 private:
  const std::uint8_t* next_;
  const std::uint8_t* end_;
};

const std::string& scratch_file() {
  static const std::string path = fmt::format("/tmp/ntkflow_fuzz_points_{}.h5", getpid());
  return path;
}

std::vector<hsize_t> shape_from(Choices& choices) {
  constexpr std::array<hsize_t, 8> extents = {1, 2, 3, 5, 8, 0, hsize_t{1} << 40, hsize_t{1} << 62};
  std::vector<hsize_t> shape;
  for (unsigned rank = choices.below(6); rank > 0; --rank)
    shape.push_back(extents[choices.below(choices.below(4) == 0 ? 8 : 5)]);
  return shape;
}

hid_t type_from(Choices& choices) {
  const std::array<hid_t, 12> types = {H5T_IEEE_F64LE,  H5T_IEEE_F64LE, H5T_IEEE_F64BE,
                                       H5T_IEEE_F32LE,  H5T_STD_I8LE,   H5T_STD_U64BE,
                                       H5T_STD_I32LE,   H5T_C_S1,       H5T_STD_B8LE,
                                       H5T_STD_REF_OBJ, H5T_UNIX_D32LE, H5T_IEEE_F64LE};
  return types[choices.below(12)];
}

// Chunks, filters, external storage: what a reader may meet in a valid file.
void storage_from(Choices& choices, hid_t properties, const std::vector<hsize_t>& shape) {
  const unsigned kind = choices.below(8);
  if (kind == 1) H5Pset_layout(properties, H5D_COMPACT);
  if (kind == 2) H5Pset_external(properties, "/etc/hostname", 0, H5F_UNLIMITED);
  if (kind < 3 || shape.empty()) return;
  std::vector<hsize_t> chunk(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) chunk[i] = 1 + choices.below(4);
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  if (kind == 4) H5Pset_deflate(properties, 1 + choices.below(9));
  if (kind == 5) H5Pset_shuffle(properties);
  if (kind == 6) H5Pset_fletcher32(properties);
  if (kind == 7) H5Pset_scaleoffset(properties, H5Z_SO_INT, 2);
}

std::vector<double> values_from(Choices& choices, std::size_t count) {
  std::vector<double> values(count);
  const unsigned odd = choices.below(16);
  for (double& value : values) value = static_cast<double>(choices.byte()) - 100;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (odd == 1) values[choices.below(static_cast<unsigned>(count))] = nan;
  if (odd == 2) values[0] = 1e308;
  return values;
}

void dataset_from(Choices& choices, const Hdf5File& file, const char* name) {
  const std::vector<hsize_t> shape = shape_from(choices);
  const hid_t type = type_from(choices);
  const Hdf5Properties properties(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
  storage_from(choices, properties.get(), shape);
  const Hdf5Dataset dataset = create_dataset(file, name, shape, type, properties.get());
  hsize_t count = 1;
  for (const hsize_t extent : shape)
    if (__builtin_mul_overflow(count, extent, &count)) return;
  if (count == 0 || count > 10000 || choices.below(8) == 1) return;  // never written
  H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
           values_from(choices, count).data());
}

void object_from(Choices& choices, const Hdf5File& file, const char* name) {
  switch (choices.below(12)) {
    case 1:
      H5Lcreate_soft("/elsewhere", file.get(), name, H5P_DEFAULT, H5P_DEFAULT);
      break;
    case 2:
      H5Lcreate_external("/etc/passwd", "/x", file.get(), name, H5P_DEFAULT, H5P_DEFAULT);
      break;
    case 3:
      Hdf5Group(H5Gcreate2(file.get(), name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), "H5Gcreate2");
      break;
    case 4:
      break;
    case 5:  // a loop
      H5Lcreate_soft(name, file.get(), name, H5P_DEFAULT, H5P_DEFAULT);
      break;
    default:
      dataset_from(choices, file, name);
  }
}

void make_file(Choices& choices) {
  Hdf5File file = create_hdf5(scratch_file());
  for (const char* name : {"/x", "/y", "/w"}) {
    try {
      object_from(choices, file, name);
    } catch (const Hdf5Error&) {
      // HDF5 does not make such a thing: it is missing in the file.
    }
  }
  file.close("closing the file");
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  silence_hdf5();
  std::atexit([] { unlink(scratch_file().c_str()); });
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  make_file(choices);
  InputSpec input;
  TargetSpec target;
  input.space = Space::points;
  target.kind = TargetKind::file;
  input.train_points = {scratch_file(), "/x"};
  target.train_values = {scratch_file(), "/y"};
  if (choices.below(2) == 1) input.reference_weights = {scratch_file(), "/w"};
  try {
    const PointSets points = make_explicit_points(input, target);
    const IndexList first = {0};
    if (!points.train->points(first).allFinite() || !points.train->targets(first).allFinite())
      std::abort();
  } catch (const ConfigError&) {
  } catch (const Hdf5Error&) {
  }
  return 0;
}
