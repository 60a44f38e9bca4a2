#pragma once

#include "ntkflow/base/sample_shape.hpp"
#include "ntkflow/base/types.hpp"

#include <memory>
#include <span>
#include <string>

namespace ntkflow {

/// A finite set of points of the input space with the weights and target values that belong to
/// them. Points are made or read on demand, any selection of them, so that a rank holds only what
/// it needs and every rank sees the same points.
class PointSet {
 public:
  virtual ~PointSet() = default;

  virtual Index count() const = 0;

  /// How the numbers of one point are arranged, as the network sees it.
  virtual SampleShape shape() const = 0;

  /// Numbers in a point.
  Index dimension() const { return shape().size(); }

  /// Shape: dimension x indices.size(), one point a column.
  virtual Matrix points(std::span<const Index> indices) const = 0;

  /// Quadrature weights; they sum to 1 over the whole set. Shape: indices.size().
  virtual Vector weights(std::span<const Index> indices) const = 0;

  /// Values of the target f*. Shape: indices.size().
  virtual Vector targets(std::span<const Index> indices) const = 0;

  /// In which part of rho each point lies, counted from 0: the arc or hemisphere of constant
  /// density; all 0 where rho has one part only. Shape: indices.size().
  virtual IndexList regions(std::span<const Index> indices) const {
    return IndexList(indices.size(), 0);
  }
};

/// The two point sets of an experiment.
struct PointSets {
  std::shared_ptr<const PointSet> reference;  ///< stands for the measure rho
  std::shared_ptr<const PointSet> train;  ///< x_1..x_n, equal weights 1/n, or the reference points
  std::string data_digest;  ///< XXH3-128 over the data that were read; empty when there are none
};

/// How many regions the density of a point set has; at least one point.
Index region_count(const PointSet& points);

/// The chosen entries of a vector. Shape: indices.size().
Vector select(const Vector& all, std::span<const Index> indices);

}  // namespace ntkflow
