#pragma once

#include "ntkflow/base/random.hpp"
#include "ntkflow/input/point_set.hpp"

namespace ntkflow {

/// A point set whose targets carry independent normal noise: y_i = f*(x_i) + deviation * normal(i).
class NoisyPoints : public PointSet {
 public:
  NoisyPoints(std::shared_ptr<const PointSet> points, double deviation, RandomStream stream)
      : points_(std::move(points)), deviation_(deviation), stream_(stream) {}

  Index count() const override { return points_->count(); }
  SampleShape shape() const override { return points_->shape(); }
  Matrix points(std::span<const Index> indices) const override { return points_->points(indices); }
  Vector weights(std::span<const Index> indices) const override {
    return points_->weights(indices);
  }
  Vector targets(std::span<const Index> indices) const override {
    Vector targets = points_->targets(indices);
    for (Index c = 0; c < targets.size(); ++c)
      targets[c] += deviation_ * stream_.normal(indices[static_cast<std::size_t>(c)]);
    return targets;
  }
  IndexList regions(std::span<const Index> indices) const override {
    return points_->regions(indices);
  }

 private:
  std::shared_ptr<const PointSet> points_;
  double deviation_;
  RandomStream stream_;
};

}  // namespace ntkflow
