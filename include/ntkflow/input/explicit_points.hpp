#pragma once

#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/input/point_set.hpp"

namespace ntkflow {

/// Points, weights and target values that somebody else has made.
class ExplicitPoints : public PointSet {
 public:
  /// Shape: points shape.size() x count, one point a column; weights and targets count. The
  ///        weights are > 0 and sum to 1.
  ExplicitPoints(SampleShape shape, Matrix points, Vector weights, Vector targets);

  Index count() const override { return points_.cols(); }
  SampleShape shape() const override { return shape_; }
  Matrix points(std::span<const Index> indices) const override;
  Vector weights(std::span<const Index> indices) const override;
  Vector targets(std::span<const Index> indices) const override;

  /// XXH3-128 over shape, points, weights and targets.
  std::string digest() const;

 private:
  SampleShape shape_;
  Matrix points_;
  Vector weights_;
  Vector targets_;
};

/// Both point sets from HDF5 datasets. Without reference points the training points, with their
/// values and equal weights unless weights are given, stand for rho. Given weights are divided by
/// their sum.
/// Throws: MissingInput, ConfigError (bad data; counts or shapes that do not match; values that
///         belong to no points).
PointSets make_explicit_points(const InputSpec& input, const TargetSpec& target);

}  // namespace ntkflow
