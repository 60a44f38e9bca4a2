#include "ntkflow/input/hdf5_reader.hpp"

#include "input/hdf5_files.hpp"
#include "input/support.hpp"

#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

class Hdf5Reader : public testing::Test {
 protected:
  Hdf5Reader() { silence_hdf5(); }

  DatasetPath at(const std::string& path) const { return {(folder / "f.h5").string(), path}; }

  TemporaryFolder folder;
};

TEST_F(Hdf5Reader, reads_every_number_type_as_double) {
  const std::vector<double> values = {1, 2, -3, 4, 5, 6};
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    write_dataset(file, "f8", {2, 3}, values);
    write_dataset(file, "f4", {2, 3}, values, H5T_IEEE_F32BE);
    write_dataset(file, "i2", {2, 3}, values, H5T_STD_I16LE);
  }

  for (const char* name : {"f8", "/f4", "i2"}) {
    const Matrix points = read_hdf5_points(at(name)).values;
    ASSERT_EQ(points.rows(), 3) << name;
    ASSERT_EQ(points.cols(), 2) << name;
    EXPECT_EQ(points.reshaped(), Vector::Map(values.data(), 6)) << name;
  }
}

TEST_F(Hdf5Reader, reads_vectors_in_groups_and_single_columns) {
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    const Hdf5Group group(H5Gcreate2(file.get(), "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), "g");
    write_dataset(file, "g/flat", {3}, {1, 2, 3});
    write_dataset(file, "g/column", {3, 1}, {1, 2, 3});
  }

  EXPECT_EQ(read_hdf5_vector(at("/g/flat")), Vector::Map(std::array{1.0, 2.0, 3.0}.data(), 3));
  EXPECT_EQ(read_hdf5_vector(at("g/column")), read_hdf5_vector(at("/g/flat")));
}

TEST_F(Hdf5Reader, reads_points_on_a_grid_channel_fastest) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    write_dataset(file, "sequence", {2, 3, 2}, values);
    write_dataset(file, "image", {1, 2, 3, 2}, values);
  }

  const StoredPoints sequence = read_hdf5_points(at("sequence"));
  const StoredPoints image = read_hdf5_points(at("image"));

  EXPECT_EQ(sequence.shape, (SampleShape{{3}, 2}));
  EXPECT_EQ(sequence.values, Matrix::Map(values.data(), 6, 2));
  EXPECT_EQ(image.shape, (SampleShape{{2, 3}, 2}));
  EXPECT_EQ(image.values, Matrix::Map(values.data(), 12, 1));
}

TEST_F(Hdf5Reader, reads_chunks_with_the_common_filters) {
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    const Hdf5Properties properties(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
    const hsize_t chunk[] = {10, 2};
    H5Pset_chunk(properties.get(), 2, chunk);
    H5Pset_shuffle(properties.get());
    H5Pset_deflate(properties.get(), 9);
    H5Pset_fletcher32(properties.get());
    write_dataset(file, "x", {1001, 2}, std::vector<double>(2002, 7), H5T_IEEE_F64LE,
                  properties.get());
  }

  EXPECT_EQ(read_hdf5_points(at("x")).values, Matrix::Constant(2, 1001, 7));
}

TEST_F(Hdf5Reader, names_the_missing_file_or_dataset) {
  create_hdf5(folder / "f.h5").close("H5Fclose");
  write_bytes(folder / "text.h5", "not HDF5");

  EXPECT_MESSAGE(MissingInput, read_hdf5_vector({(folder / "none.h5").string(), "/x"}),
                 "none.h5: no such file");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector({(folder / "text.h5").string(), "/x"}),
                 "text.h5: expected an HDF5 file");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("/x")), "f.h5:/x: the file has no /x");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("/x/y")), "the file has no /x");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("/")), "found no dataset's name");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("")), "found no dataset's name");
}

TEST_F(Hdf5Reader, refuses_what_is_no_array_of_numbers_of_the_right_shape) {
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    const Hdf5Group group(H5Gcreate2(file.get(), "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), "g");
    write_dataset(file, "deep", {1, 1, 1, 2, 2}, {1, 2, 3, 4});
    write_dataset(file, "flat", {2}, {1, 2});
    write_dataset(file, "wide", {1, 2}, {1, 2});
    write_dataset(file, "scalar", {}, {1});
    create_dataset(file, "empty", {0, 2}, H5T_IEEE_F64LE);
    create_dataset(file, "text", {2}, H5T_C_S1);
  }

  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("g")), "found a group");
  EXPECT_MESSAGE(ConfigError, read_hdf5_points(at("deep")),
                 "or (points, height, width, channels), found (1, 1, 1, 2, 2)");
  EXPECT_MESSAGE(ConfigError, read_hdf5_points(at("flat")), "found (2)");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("wide")),
                 "expected the shape (n) or (n, 1), found (1, 2)");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("scalar")), "found ()");
  EXPECT_MESSAGE(ConfigError, read_hdf5_points(at("empty")), "found the shape (0, 2)");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("text")), "expected integers or floating-point");
}

TEST_F(Hdf5Reader, refuses_values_that_are_not_finite_with_their_index) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    write_dataset(file, "nan", {2, 3}, {1, 2, 3, 4, 5, nan});
    write_dataset(file, "inf", {3}, {1, -1 / 0.0, 3});
  }

  EXPECT_MESSAGE(ConfigError, read_hdf5_points(at("nan")), "the value at [1, 2] is nan");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("inf")), "the value at [1, 0] is -inf");
}

TEST_F(Hdf5Reader, refuses_soft_and_external_links_anywhere_on_the_path) {
  {
    const Hdf5File other = create_hdf5(folder / "other.h5");
    write_dataset(other, "x", {1}, {1});
    const Hdf5File file = create_hdf5(folder / "f.h5");
    write_dataset(file, "x", {1}, {1});
    H5Lcreate_soft("/x", file.get(), "soft", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("other.h5", "/", file.get(), "away", H5P_DEFAULT, H5P_DEFAULT);
  }

  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("soft")), "/soft is a soft or external link");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("away")), "/away is a soft or external link");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("away/x")), "/away is a soft or external link");
}

TEST_F(Hdf5Reader, refuses_values_outside_the_file) {
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    const Hdf5Properties external(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
    H5Pset_external(external.get(), "raw.bin", 0, 8);
    create_dataset(file, "external", {1}, H5T_IEEE_F64LE, external.get());
    const Hdf5Properties mapped(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
    const hsize_t one = 1;
    const Hdf5Space space(H5Screate_simple(1, &one, nullptr), "H5Screate_simple");
    H5Pset_virtual(mapped.get(), space.get(), "other.h5", "/x", space.get());
    create_dataset(file, "virtual", {1}, H5T_IEEE_F64LE, mapped.get());
  }

  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("external")), "external storage");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("virtual")), "virtual dataset");
}

TEST_F(Hdf5Reader, refuses_filters_beyond_the_common_ones) {
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    const Hdf5Properties properties(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
    const hsize_t chunk = 4;
    H5Pset_chunk(properties.get(), 1, &chunk);
    // 32001 is Blosc's number: HDF5 would look for a shared library to decode it.
    H5Pset_filter(properties.get(), 32001, H5Z_FLAG_OPTIONAL, 0, nullptr);
    create_dataset(file, "x", {4}, H5T_IEEE_F64LE, properties.get());
  }

  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("x")), "filter 32001");
}

TEST_F(Hdf5Reader, refuses_shapes_that_the_file_does_not_hold_before_asking_for_memory) {
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    const Hdf5Properties chunked(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
    const hsize_t chunk[] = {8, 8};
    H5Pset_chunk(chunked.get(), 2, chunk);
    create_dataset(file, "sparse", {1ull << 30, 1ull << 30}, H5T_IEEE_F64LE, chunked.get());
    H5Pset_deflate(chunked.get(), 9);
    create_dataset(file, "packed", {1ull << 20, 1ull << 20}, H5T_IEEE_F64LE, chunked.get());
    create_dataset(file, "small", {8, 8}, H5T_IEEE_F64LE, chunked.get());
    create_dataset(file, "unwritten", {4}, H5T_IEEE_F64LE);
  }

  EXPECT_MESSAGE(ConfigError, read_hdf5_points(at("sparse")), "never written in full");
  EXPECT_MESSAGE(ConfigError, read_hdf5_points(at("packed")), "never written in full");
  EXPECT_MESSAGE(ConfigError, read_hdf5_points(at("small")), "never written in full");
  EXPECT_MESSAGE(ConfigError, read_hdf5_vector(at("unwritten")),
                 "needs 32 bytes and the file holds 0");
}

TEST_F(Hdf5Reader, refuses_a_truncated_file) {
  {
    const Hdf5File file = create_hdf5(folder / "f.h5");
    write_dataset(file, "x", {1000}, std::vector<double>(1000, 1));
  }
  std::filesystem::resize_file(folder / "f.h5", 5000);

  EXPECT_MESSAGE(Hdf5Error, read_hdf5_vector(at("x")), "truncated");
}

}  // namespace
}  // namespace ntkflow
