#pragma once

#include "ntkflow/base/random.hpp"
#include "ntkflow/input/circle_quadrature.hpp"
#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/input/point_set.hpp"

#include <utility>

namespace ntkflow {

/// The target sum_j amplitudes[j] cos(frequencies[j] angle + phases[j]) on the circle.
struct CosineSum {
  std::vector<Index> frequencies;
  std::vector<double> amplitudes;
  std::vector<double> phases;

  double operator()(double angle) const;
};

/// Points radius (cos a, sin a) of the plane, a sum of cosines of the angle as target.
class CirclePoints : public PointSet {
 public:
  CirclePoints(CircleDensity density, CosineSum target, double radius)
      : density_(std::move(density)), target_(std::move(target)), radius_(radius) {}

  /// The angle of point i. Units: radians in [-pi, pi).
  virtual double angle(Index i) const = 0;

  SampleShape shape() const override { return SampleShape::vector(2); }
  Matrix points(std::span<const Index> indices) const override;
  Vector targets(std::span<const Index> indices) const override;
  IndexList regions(std::span<const Index> indices) const override;

  double radius() const { return radius_; }
  const CircleDensity& density() const { return density_; }

 private:
  CircleDensity density_;
  CosineSum target_;
  double radius_;
};

/// The nodes of a quadrature rule.
class CircleQuadraturePoints final : public CirclePoints {
 public:
  CircleQuadraturePoints(CircleDensity density, WeightedAngles rule, CosineSum target,
                         double radius)
      : CirclePoints(std::move(density), std::move(target), radius), rule_(std::move(rule)) {}

  Index count() const override { return rule_.angles.size(); }
  double angle(Index i) const override;
  Vector weights(std::span<const Index> indices) const override;

  const WeightedAngles& rule() const { return rule_; }

 private:
  WeightedAngles rule_;
};

/// n i.i.d. points, the angle of point i from number i of a stream, weights 1/n. Nothing is kept of
/// them: a rank that asks for its own part has no more.
class CircleSample final : public CirclePoints {
 public:
  CircleSample(CircleDensity density, RandomStream stream, Index n, CosineSum target, double radius)
      : CirclePoints(std::move(density), std::move(target), radius), stream_(stream), count_(n) {}

  Index count() const override { return count_; }
  double angle(Index i) const override;
  Vector weights(std::span<const Index> indices) const override;

 private:
  RandomStream stream_;
  Index count_;
};

/// Training points: an i.i.d. sample. Reference points: a quadrature rule or another i.i.d. sample.
/// Throws: ConfigError (impossible density, target or count).
PointSets make_circle_points(const InputSpec& input, const TargetSpec& target,
                             const ReferenceSpec& reference, const TrainingSpec& training,
                             std::uint64_t seed);

}  // namespace ntkflow
