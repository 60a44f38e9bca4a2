#pragma once

#include "ntkflow/base/random.hpp"
#include "ntkflow/input/harmonics.hpp"
#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/input/sphere_density.hpp"

namespace ntkflow {

/// Points radius * u of R^d, u a unit vector, with a sum of harmonics as target.
class SpherePoints : public PointSet {
 public:
  SpherePoints(SphereDensity density, HarmonicSum target, double radius)
      : density_(density), target_(std::move(target)), radius_(radius) {}

  /// The unit vector of point i. Shape: d.
  virtual Vector direction(Index i) const = 0;

  SampleShape shape() const override { return SampleShape::vector(density_.dimension); }
  Matrix points(std::span<const Index> indices) const override;
  Vector targets(std::span<const Index> indices) const override;
  IndexList regions(std::span<const Index> indices) const override;

  const SphereDensity& density() const { return density_; }
  double radius() const { return radius_; }

 private:
  SphereDensity density_;
  HarmonicSum target_;
  double radius_;
};

/// Point number i of an i.i.d. sample of a density: d normal numbers of a stream, divided by their
/// norm; a uniform number decides on the hemisphere. Shape: d.
Vector sample_direction(const SphereDensity& density, const RandomStream& stream, Index i);

/// Training points: an i.i.d. sample. Reference points: another one, or, for d = 2 and 3, a
/// quadrature rule: that of the circle with exactly N nodes, or a SphereGrid with at most N.
/// Throws: ConfigError (impossible density, target, rule or count).
PointSets make_sphere_points(const InputSpec& input, const TargetSpec& target,
                             const ReferenceSpec& reference, const TrainingSpec& training,
                             std::uint64_t seed);

}  // namespace ntkflow
