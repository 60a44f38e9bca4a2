#pragma once

#include "ntkflow/input/labelled_images.hpp"
#include "ntkflow/input/pixel_values.hpp"
#include "ntkflow/input/point_set.hpp"

#include <array>

namespace ntkflow {

/// The target's value for each of the 256 labels that a byte can be.
using LabelValues = std::array<double, 256>;

/// +1 for the classes target.positive, where there are none for the second of two input.classes; -1
/// for every other label. All 0 for TargetKind::none.
/// Throws: ConfigError when neither two classes nor positive ones are given, or when input.classes
///         has only positive classes or not all of them.
LabelValues label_values(const InputSpec& input, const TargetSpec& target);

/// Some images of a data set, with equal weights and targets that belong to their labels.
class ImagePoints : public PointSet {
 public:
  /// Point i is image numbers[i].
  ImagePoints(std::shared_ptr<const LabelledImages> images, IndexList numbers,
              std::shared_ptr<const PixelValues> pixels, const LabelValues& values);

  Index count() const override { return count_of(numbers_); }
  SampleShape shape() const override { return pixels_->shape(); }
  Matrix points(std::span<const Index> indices) const override;
  Vector weights(std::span<const Index> indices) const override;
  Vector targets(std::span<const Index> indices) const override;

  /// Which image of the data set (after the choice of classes) point i is.
  Index image_number(Index i) const;

 private:
  std::shared_ptr<const LabelledImages> images_;
  IndexList numbers_;
  std::shared_ptr<const PixelValues> pixels_;
  LabelValues values_;
};

/// Training points: images of the train split, drawn without replacement. Reference points: images
/// of either split, drawn without replacement or all of them, none of them a training point if
/// asked so. Throws: MissingInput, ConfigError (damaged files, impossible labels, too few images).
PointSets make_image_points(const InputSpec& input, const TargetSpec& target,
                            const ReferenceSpec& reference, const TrainingSpec& training,
                            std::uint64_t seed);

}  // namespace ntkflow
