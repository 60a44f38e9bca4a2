#pragma once

#include "ntkflow/base/sample_shape.hpp"
#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/input/labelled_images.hpp"

namespace ntkflow {

/// How the bytes of an image become the numbers of a point.
struct PixelOptions {
  Colours colours = Colours::rgb;
  Index resize = 0;  ///< rows and columns; 0: as they are
  Normalise normalise = Normalise::unit_norm;
  double scale = 1.0;
};

/// Turns images of one data set into points, in this order:
/// - colours: as they are, or grey, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601's luma);
/// - resize: by resampling_matrix() along rows and columns;
/// - normalise: divided by the image's Euclidean norm (unit_norm; an all-zero image stays zero), by
///   255 (unit_range), by 1 (raw), or, for each channel, less its mean over all pixels of all
///   images `of_train` and divided by their standard deviation (standardised; a constant channel is
///   not divided);
/// - scale: a factor.
class PixelValues {
 public:
  PixelValues(const LabelledImages& of_train, const PixelOptions& options);

  SampleShape shape() const;

  /// Shape: image as of_train's; result shape().size().
  Vector operator()(std::span<const unsigned char> image) const;

 private:
  Vector resampled(std::span<const unsigned char> image) const;
  void find_moments(const LabelledImages& images);

  PixelOptions options_;
  Index height_, width_, stored_channels_, channels_;
  Matrix row_map_, column_map_;  // empty: no resizing
  Vector mean_, deviation_;      // of each channel, for standardised
};

}  // namespace ntkflow
