#pragma once

#include "ntkflow/input/point_set.hpp"

namespace ntkflow {

/// A point set held in memory, with equal weights unless given.
class MatrixPoints : public PointSet {
 public:
  MatrixPoints(Matrix x, Vector y)
      : MatrixPoints(x, y, Vector::Constant(y.size(), 1.0 / static_cast<double>(y.size()))) {}
  MatrixPoints(Matrix x, Vector y, Vector w)
      : x_(std::move(x)), y_(std::move(y)), w_(std::move(w)) {}

  Index count() const override { return x_.cols(); }
  SampleShape shape() const override { return SampleShape::vector(x_.rows()); }
  Matrix points(std::span<const Index> indices) const override {
    Matrix result(x_.rows(), static_cast<Index>(indices.size()));
    for (std::size_t j = 0; j < indices.size(); ++j)
      result.col(static_cast<Index>(j)) = x_.col(indices[j]);
    return result;
  }
  Vector weights(std::span<const Index> indices) const override { return pick(w_, indices); }
  Vector targets(std::span<const Index> indices) const override { return pick(y_, indices); }

 private:
  static Vector pick(const Vector& values, std::span<const Index> indices) {
    Vector result(static_cast<Index>(indices.size()));
    for (std::size_t j = 0; j < indices.size(); ++j)
      result(static_cast<Index>(j)) = values(indices[j]);
    return result;
  }
  Matrix x_;
  Vector y_;
  Vector w_;
};

}  // namespace ntkflow
