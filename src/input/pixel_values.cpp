#include "ntkflow/input/pixel_values.hpp"

#include "ntkflow/input/resampling.hpp"

#include <cmath>

namespace ntkflow {
namespace {

Vector numbers_of(std::span<const unsigned char> image) {
  return Eigen::Map<const Eigen::Matrix<unsigned char, Eigen::Dynamic, 1>>(image.data(),
                                                                           count_of(image))
      .cast<double>();
}

Vector luma(const Vector& colours) {
  Vector grey(colours.size() / 3);
  for (Index p = 0; p < grey.size(); ++p)
    grey[p] = 0.299 * colours[3 * p] + 0.587 * colours[3 * p + 1] + 0.114 * colours[3 * p + 2];
  return grey;
}

// One sum in one order, so that a point does not depend on how its memory is aligned.
double norm_of(const Vector& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return squares > 0 ? std::sqrt(squares) : 1;
}

}  // namespace

PixelValues::PixelValues(const LabelledImages& of_train, const PixelOptions& options)
    : options_(options),
      height_(options.resize > 0 ? options.resize : of_train.height),
      width_(options.resize > 0 ? options.resize : of_train.width),
      stored_channels_(of_train.channels),
      channels_(options.colours == Colours::grey ? 1 : of_train.channels) {
  if (height_ != of_train.height || width_ != of_train.width) {
    row_map_ = resampling_matrix(of_train.height, height_);
    column_map_ = resampling_matrix(of_train.width, width_);
  }
  if (options.normalise == Normalise::standardised) find_moments(of_train);
}

SampleShape PixelValues::shape() const {
  return {{height_, width_}, channels_};
}

// A batch of rows is the matrix whose columns are rows of pixels; a row of pixels the one whose
// columns are pixels.
Vector PixelValues::resampled(std::span<const unsigned char> image) const {
  const bool to_grey = channels_ < stored_channels_;
  Vector values = to_grey ? luma(numbers_of(image)) : numbers_of(image);
  if (row_map_.size() == 0) return values;
  const Index old_height = row_map_.cols(), old_width = column_map_.cols();
  const Matrix rows = Eigen::Map<const Matrix>(values.data(), channels_ * old_width, old_height) *
                      row_map_.transpose();
  Vector result(shape().size());
  for (Index y = 0; y < height_; ++y)
    Eigen::Map<Matrix>(result.data() + y * width_ * channels_, channels_, width_) =
        Eigen::Map<const Matrix>(rows.col(y).data(), channels_, old_width) *
        column_map_.transpose();
  return result;
}

void PixelValues::find_moments(const LabelledImages& images) {
  Vector sum = Vector::Zero(channels_), squares = Vector::Zero(channels_);
  for (Index i = 0; i < images.count(); ++i) {
    const Vector values = resampled(images.image(i));
    const auto by_channel = values.reshaped(channels_, height_ * width_);
    sum += by_channel.rowwise().sum();
    squares += by_channel.rowwise().squaredNorm();
  }
  const auto pixels = static_cast<double>(images.count() * height_ * width_);
  mean_ = sum / pixels;
  deviation_ = (squares / pixels - mean_.cwiseAbs2()).cwiseMax(0.0).cwiseSqrt();
  // What is left of a constant channel is the rounding of its square.
  for (Index c = 0; c < channels_; ++c)
    if (deviation_[c] <= 1e-6 * std::abs(mean_[c]) || deviation_[c] == 0) deviation_[c] = 1;
}

Vector PixelValues::operator()(std::span<const unsigned char> image) const {
  Vector values = resampled(image);
  switch (options_.normalise) {
    case Normalise::raw:
      break;
    case Normalise::unit_range:
      values /= 255;
      break;
    case Normalise::unit_norm:
      values /= norm_of(values);
      break;
    case Normalise::standardised:
      for (Index k = 0; k < values.size(); ++k)
        values[k] = (values[k] - mean_[k % channels_]) / deviation_[k % channels_];
  }
  return options_.scale * values;
}

}  // namespace ntkflow
