#pragma once

#include "ntkflow/input/labelled_images.hpp"
#include "ntkflow/input/point_set.hpp"

namespace ntkflow {

/// How pixels become numbers: scale * pixel / divisor, where the divisor is the image's Euclidean
/// norm (unit_norm; an all-zero image stays zero), 255 (unit_range) or 1 (raw).
struct PixelScaling {
  Normalise normalise = Normalise::unit_norm;
  double scale = 1.0;
};

/// Some images of a data set, with equal weights and targets -1 and +1 for two classes.
class ImagePoints : public PointSet {
 public:
  /// Point i is image numbers[i]; its target is +1 if that image's label is `positive`, else -1.
  ImagePoints(std::shared_ptr<const LabelledImages> images, IndexList numbers, PixelScaling scaling,
              Index positive);

  Index count() const override { return count_of(numbers_); }
  SampleShape shape() const override { return {{images_->height, images_->width}, 1}; }
  Matrix points(std::span<const Index> indices) const override;
  Vector weights(std::span<const Index> indices) const override;
  Vector targets(std::span<const Index> indices) const override;

  /// Which image of the data set (after the choice of classes) point i is.
  Index image_number(Index i) const;

 private:
  std::shared_ptr<const LabelledImages> images_;
  IndexList numbers_;
  PixelScaling scaling_;
  Index positive_;
};

/// Training points: images of the train split, drawn without replacement. Reference points: images
/// of either split, drawn without replacement or all of them, none of them a training point if
/// asked so. Throws: MissingInput, ConfigError (damaged files, not two classes, too few images).
PointSets make_image_points(const InputSpec& input, const ReferenceSpec& reference,
                            const TrainingSpec& training, std::uint64_t seed);

}  // namespace ntkflow
