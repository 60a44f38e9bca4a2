#pragma once

#include "ntkflow/input/circle_quadrature.hpp"
#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/input/point_set.hpp"

namespace ntkflow {

/// The target sum_j amplitudes[j] cos(frequencies[j] angle + phases[j]) on the circle.
struct CosineSum {
  std::vector<Index> frequencies;
  std::vector<double> amplitudes;
  std::vector<double> phases;

  double operator()(double angle) const;
};

/// Points radius (cos a, sin a) of the plane at weighted angles a.
class CirclePoints : public PointSet {
 public:
  CirclePoints(CircleDensity density, WeightedAngles angles, CosineSum target, double radius);

  Index count() const override { return angles_.angles.size(); }
  SampleShape shape() const override { return SampleShape::vector(2); }
  Matrix points(std::span<const Index> indices) const override;
  Vector weights(std::span<const Index> indices) const override;
  Vector targets(std::span<const Index> indices) const override;
  IndexList regions(std::span<const Index> indices) const override;

  /// Units: radians in [-pi, pi).
  double angle(Index i) const;
  const WeightedAngles& all_angles() const { return angles_; }
  double radius() const { return radius_; }
  const CircleDensity& density() const { return density_; }

 private:
  CircleDensity density_;
  WeightedAngles angles_;
  CosineSum target_;
  double radius_;
};

/// Training points: an i.i.d. sample. Reference points: a quadrature rule or another i.i.d. sample.
/// Throws: ConfigError (impossible density, target or count).
PointSets make_circle_points(const InputSpec& input, const TargetSpec& target,
                             const ReferenceSpec& reference, const TrainingSpec& training,
                             std::uint64_t seed);

}  // namespace ntkflow
