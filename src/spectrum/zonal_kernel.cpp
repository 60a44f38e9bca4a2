#include "ntkflow/spectrum/zonal_kernel.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

constexpr Index angles_at_once = 4096;

// Points at these angles from the first axis, towards the second.
Matrix meridian(const Vector& angles, Index dimension, double radius) {
  Matrix points = Matrix::Zero(dimension, angles.size());
  for (Index i = 0; i < angles.size(); ++i) {
    points(0, i) = radius * std::cos(angles[i]);
    points(1, i) = radius * std::sin(angles[i]);
  }
  return points;
}

}  // namespace

ZonalKernel::ZonalKernel(const Kernel& kernel, Index dimension, double radius)
    : kernel_(&kernel), dimension_(dimension), radius_(radius) {
  NTKFLOW_EXPECTS(dimension >= 2 && radius > 0);
  pole_ = kernel.prepare(meridian(Vector::Zero(1), dimension, radius));
}

Vector ZonalKernel::operator()(const Vector& angles) const {
  Vector values(angles.size());
  for (Index first = 0; first < angles.size(); first += angles_at_once) {
    const Index count = std::min(angles_at_once, angles.size() - first);
    const auto features =
        kernel_->prepare(meridian(angles.segment(first, count), dimension_, radius_));
    Matrix tile(count, 1);
    kernel_->tile(*features, *pole_, tile);
    values.segment(first, count) = tile;
  }
  return values;
}

}  // namespace ntkflow
