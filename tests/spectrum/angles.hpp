#pragma once

// Points of the circle, given by their angles, and kernels that are functions of two angles.

#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"

#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

namespace ntkflow {

using std::numbers::pi;

class AnglePoints : public PointSet {
 public:
  AnglePoints(Vector angles, Vector weights)
      : angles_(std::move(angles)), weights_(std::move(weights)) {}

  Index count() const override { return angles_.size(); }
  SampleShape shape() const override { return SampleShape::vector(1); }
  Matrix points(std::span<const Index> indices) const override {
    return chosen(angles_, indices).transpose();
  }
  Vector weights(std::span<const Index> indices) const override {
    return chosen(weights_, indices);
  }
  Vector targets(std::span<const Index> indices) const override {
    return Vector::Zero(count_of(indices));
  }

  const Vector& all_angles() const { return angles_; }
  const Vector& all_weights() const { return weights_; }

 private:
  static Vector chosen(const Vector& all, std::span<const Index> indices) {
    return all(std::vector<Index>(indices.begin(), indices.end()));
  }
  Vector angles_;
  Vector weights_;
};

/// n points at equal distances and of equal weights: the plain rule for the uniform density.
inline AnglePoints even_angles(Index n) {
  const double step = 2 * pi / static_cast<double>(n);
  return {Vector::NullaryExpr(n, [&](Index i) { return -pi + step * static_cast<double>(i); }),
          Vector::Constant(n, 1 / static_cast<double>(n))};
}

/// n points at t + 0.3 sin t for even t, with the weights that stand for the uniform density again.
inline AnglePoints uneven_angles(Index n) {
  const AnglePoints even = even_angles(n);
  const auto t = even.all_angles().array();
  return {t + 0.3 * t.sin(), (1 + 0.3 * t.cos()) / static_cast<double>(n)};
}

/// n points without any symmetry, of unequal weights.
inline AnglePoints scattered_angles(Index n) {
  const auto k = Vector::LinSpaced(n, 1, static_cast<double>(n)).array();
  const Vector weights = 1.5 + (7.13 * k).cos();
  return {pi * (12.9898 * k).sin(), weights / weights.sum()};
}

class AngleFeatures : public PointFeatures {
 public:
  explicit AngleFeatures(Vector angles) : angles(std::move(angles)) {}
  Index count() const override { return angles.size(); }
  Vector angles;
};

class AngleKernel : public Kernel {
 public:
  using Function = std::function<double(double, double)>;
  explicit AngleKernel(Function function) : function_(std::move(function)) {}

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    return std::make_unique<AngleFeatures>(points.row(0).transpose());
  }
  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override {
    const Vector& x = dynamic_cast<const AngleFeatures&>(rows).angles;
    const Vector& z = dynamic_cast<const AngleFeatures&>(columns).angles;
    for (Index j = 0; j < z.size(); ++j)
      for (Index i = 0; i < x.size(); ++i) out(i, j) = function_(x[i], z[j]);
  }

 private:
  Function function_;
};

/// The kernel of a two-layer ReLU network on the circle ([B20] equation 11).
inline AngleKernel relu_circle_kernel() {
  return AngleKernel([](double x, double z) {
    const double d = std::abs(std::remainder(x - z, 2 * pi));
    return (std::cos(d) + 1) * (pi - d) / (4 * pi);
  });
}

/// Its eigenvalue at frequency q under the uniform density.
inline double relu_circle_eigenvalue(Index frequency) {
  const double q2 = static_cast<double>(frequency * frequency);
  if (frequency == 0) return 1.0 / 8 + 1 / (2 * pi * pi);
  if (frequency == 1) return 1.0 / 16 + 1 / (2 * pi * pi);
  if (frequency % 2 == 0) return (q2 + 1) / (2 * pi * pi * (q2 - 1) * (q2 - 1));
  return 1 / (2 * pi * pi * q2);
}

/// The whole Gram matrix, without any of the code under test.
inline Matrix serial_gram(const Kernel& kernel, const AnglePoints& points) {
  Matrix gram(points.count(), points.count());
  const auto features = kernel.prepare(points.all_angles().transpose());
  kernel.tile(*features, *features, gram);
  return gram;
}

}  // namespace ntkflow
