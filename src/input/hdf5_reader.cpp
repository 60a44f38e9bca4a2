#include "ntkflow/input/hdf5_reader.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/hdf5_handle.hpp"
#include "ntkflow/base/text.hpp"
#include "ntkflow/input/input_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace ntkflow {
namespace {

// A dataset that has passed every check that needs no values; read() makes the last one.
class InputDataset {
 public:
  explicit InputDataset(const DatasetPath& from);

  const std::vector<hsize_t>& shape() const { return shape_; }
  std::string shape_text() const { return fmt::format("({})", fmt::join(shape_, ", ")); }
  Matrix read(hsize_t columns, hsize_t points) const;
  Matrix read_block(IndexRange rows, IndexRange columns) const;
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  void open_file();
  void open_dataset();
  void check_storage();
  void read_shape();
  void check_size() const;
  void check_finite(const Matrix& values, Index first_point, Index first_number) const;

  std::string file_name_;
  std::string path_;
  std::string name_;
  // The file is serial, and HDF5 1.10 crashes at exit on some datasets that were left open.
  Hdf5Handle<H5Fclose, OnException::close> file_;
  Hdf5Handle<H5Oclose, OnException::close> dataset_;
  bool is_filtered_ = false;
  std::vector<hsize_t> shape_;
};

InputDataset::InputDataset(const DatasetPath& from)
    : file_name_(from.file), path_(from.path), name_(from.file + ":" + from.path) {
  silence_hdf5();
  open_file();
  open_dataset();
  check_storage();
  read_shape();
  check_size();
}

void InputDataset::refuse(const std::string& why) const {
  throw ConfigError(name_ + ": " + why);
}

void InputDataset::open_file() {
  require_input_file(file_name_, "correct the path, written FILE.h5:/DATASET in the job file");
  if (H5Fis_hdf5(file_name_.c_str()) <= 0)
    throw ConfigError(file_name_ + ": expected an HDF5 file, found something else");
  file_ = {H5Fopen(file_name_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen " + file_name_};
}

// Every step of the path must be a hard link: a soft one may lead to an external one, and that to
// any file of the system.
void InputDataset::open_dataset() {
  std::string walked;
  for (const std::string& step : split(path_, '/')) {
    if (step.empty()) continue;
    walked += "/" + step;
    if (H5Lexists(file_.get(), walked.c_str(), H5P_DEFAULT) <= 0)
      refuse(fmt::format("the file has no {}", walked));
    H5L_info_t link;
    check_hdf5(H5Lget_info(file_.get(), walked.c_str(), &link, H5P_DEFAULT),
               "H5Lget_info " + name_);
    if (link.type != H5L_TYPE_HARD)
      refuse(fmt::format("{} is a soft or external link, name the dataset itself", walked));
  }
  if (walked.empty()) refuse("expected FILE.h5:/DATASET, found no dataset's name");
  dataset_ = {H5Oopen(file_.get(), walked.c_str(), H5P_DEFAULT), "H5Oopen " + name_};
  if (H5Iget_type(dataset_.get()) != H5I_DATASET)
    refuse("expected a dataset, found a group or type");
}

// Refuses values that live outside the file, and filters that would load code.
void InputDataset::check_storage() {
  const Hdf5Properties creation(H5Dget_create_plist(dataset_.get()),
                                "H5Dget_create_plist " + name_);
  if (H5Pget_external_count(creation.get()) != 0)
    refuse("its values are in another file (external storage), copy them into this one");
  if (H5Pget_layout(creation.get()) == H5D_VIRTUAL)
    refuse("it is a virtual dataset, copy the values into a plain one");
  const int filters = H5Pget_nfilters(creation.get());
  check_hdf5(filters, "H5Pget_nfilters " + name_);
  for (int k = 0; k < filters; ++k) {
    unsigned flags = 0;
    std::size_t no_values = 0;
    const H5Z_filter_t id = H5Pget_filter2(creation.get(), static_cast<unsigned>(k), &flags,
                                           &no_values, nullptr, 0, nullptr, nullptr);
    if (id != H5Z_FILTER_DEFLATE && id != H5Z_FILTER_SHUFFLE && id != H5Z_FILTER_FLETCHER32)
      refuse(fmt::format("its values passed through filter {}, store them with gzip or plain", id));
  }
  is_filtered_ = filters > 0;
}

void InputDataset::read_shape() {
  const Hdf5Space space(H5Dget_space(dataset_.get()), "H5Dget_space " + name_);
  const int rank = H5Sget_simple_extent_ndims(space.get());
  check_hdf5(rank, "H5Sget_simple_extent_ndims " + name_);
  shape_.resize(static_cast<std::size_t>(rank));
  check_hdf5(H5Sget_simple_extent_dims(space.get(), shape_.data(), nullptr),
             "H5Sget_simple_extent_dims " + name_);
}

// A file of a few bytes can claim any shape; what it really holds bounds what we ask memory for.
void InputDataset::check_size() const {
  const Hdf5Type type(H5Dget_type(dataset_.get()), "H5Dget_type " + name_);
  const H5T_class_t kind = H5Tget_class(type.get());
  if (kind != H5T_FLOAT && kind != H5T_INTEGER)
    refuse("expected integers or floating-point numbers, found another type");
  hsize_t needed = H5Tget_size(type.get());
  for (const hsize_t extent : shape_)
    if (extent == 0 || __builtin_mul_overflow(needed, extent, &needed))
      refuse(fmt::format("expected 1 to 2^63 values, found the shape {}", shape_text()));
  // Deflate shrinks data at most 1032 times.
  const hsize_t largest_ratio = is_filtered_ ? 1100 : 1;
  const hsize_t file_size = std::filesystem::file_size(file_name_);
  const hsize_t stored = std::min<hsize_t>(H5Dget_storage_size(dataset_.get()), file_size);
  if (stored == 0 || needed / largest_ratio > stored)
    refuse(fmt::format("the shape {} needs {} bytes and the file holds {}: never written in full",
                       shape_text(), needed, stored));
}

void InputDataset::check_finite(const Matrix& values, Index first_point, Index first_number) const {
  for (Index point = 0; point < values.cols(); ++point)
    for (Index k = 0; k < values.rows(); ++k)
      if (!std::isfinite(values(k, point)))
        refuse(fmt::format("the value at [{}, {}] is {}, need finite numbers", first_point + point,
                           first_number + k, values(k, point)));
}

Matrix InputDataset::read(hsize_t columns, hsize_t points) const {
  Matrix values(static_cast<Index>(columns), static_cast<Index>(points));
  check_hdf5(
      H5Dread(dataset_.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
      "H5Dread " + name_);
  check_finite(values, 0, 0);
  return values;
}

// Of a dataset of two dimensions. HDF5 gives rows, which are the columns of the transpose.
Matrix InputDataset::read_block(IndexRange rows, IndexRange columns) const {
  Matrix transpose(columns.count(), rows.count());
  const hsize_t start[] = {static_cast<hsize_t>(rows.first), static_cast<hsize_t>(columns.first)};
  const hsize_t count[] = {static_cast<hsize_t>(rows.count()),
                           static_cast<hsize_t>(columns.count())};
  const Hdf5Space file_space(H5Dget_space(dataset_.get()), "H5Dget_space " + name_);
  check_hdf5(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr),
             "H5Sselect_hyperslab " + name_);
  const Hdf5Space memory(H5Screate_simple(2, count, nullptr), "H5Screate_simple " + name_);
  check_hdf5(H5Dread(dataset_.get(), H5T_NATIVE_DOUBLE, memory.get(), file_space.get(), H5P_DEFAULT,
                     transpose.data()),
             "H5Dread " + name_);
  check_finite(transpose, rows.first, columns.first);
  return transpose.transpose();
}

}  // namespace

Vector read_hdf5_vector(const DatasetPath& from) {
  const InputDataset dataset(from);
  const std::vector<hsize_t>& shape = dataset.shape();
  if (shape.size() != 1 && !(shape.size() == 2 && shape[1] == 1))
    dataset.refuse("expected the shape (n) or (n, 1), found " + dataset.shape_text());
  return dataset.read(1, shape[0]).reshaped();
}

StoredPoints read_hdf5_points(const DatasetPath& from) {
  const InputDataset dataset(from);
  const std::vector<hsize_t>& shape = dataset.shape();
  if (shape.size() < 2 || shape.size() > 4)
    dataset.refuse(
        "expected the shape (points, dimension), (points, length, channels) or (points, height, "
        "width, channels), found " +
        dataset.shape_text());
  SampleShape sample{IndexList(shape.begin() + 1, shape.end() - 1),
                     static_cast<Index>(shape.back())};
  Matrix values = dataset.read(static_cast<hsize_t>(sample.size()), shape[0]);
  return {std::move(sample), std::move(values)};
}

struct StoredMatrix::Dataset : InputDataset {
  using InputDataset::InputDataset;
};

StoredMatrix::StoredMatrix(const DatasetPath& from) : dataset_(std::make_unique<Dataset>(from)) {
  if (dataset_->shape().size() != 2)
    refuse("expected the shape (rows, columns), found " + dataset_->shape_text());
}

StoredMatrix::~StoredMatrix() = default;
StoredMatrix::StoredMatrix(StoredMatrix&&) noexcept = default;
StoredMatrix& StoredMatrix::operator=(StoredMatrix&&) noexcept = default;

Index StoredMatrix::rows() const {
  return static_cast<Index>(dataset_->shape()[0]);
}

Index StoredMatrix::columns() const {
  return static_cast<Index>(dataset_->shape()[1]);
}

Matrix StoredMatrix::block(IndexRange rows, IndexRange columns) const {
  return dataset_->read_block(rows, columns);
}

void StoredMatrix::refuse(const std::string& why) const {
  dataset_->refuse(why);
}

}  // namespace ntkflow
