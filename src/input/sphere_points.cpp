#include "ntkflow/input/sphere_points.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/circle_quadrature.hpp"
#include "ntkflow/input/sphere_grid.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

class SphereSample : public SpherePoints {
 public:
  SphereSample(SphereDensity density, HarmonicSum target, double radius, RandomStream stream,
               Index n)
      : SpherePoints(density, std::move(target), radius), stream_(stream), count_(n) {}

  Index count() const override { return count_; }
  Vector direction(Index i) const override { return sample_direction(density(), stream_, i); }
  Vector weights(std::span<const Index> indices) const override {
    return Vector::Constant(count_of(indices), 1 / static_cast<double>(count_));
  }

 private:
  RandomStream stream_;
  Index count_;
};

class SphereGridPoints : public SpherePoints {
 public:
  SphereGridPoints(SphereDensity density, HarmonicSum target, double radius, SphereGrid grid)
      : SpherePoints(density, std::move(target), radius), grid_(std::move(grid)) {}

  Index count() const override { return grid_.count(); }
  Vector direction(Index i) const override { return grid_.direction(i); }
  Vector weights(std::span<const Index> indices) const override {
    Vector weights(count_of(indices));
    for (Index c = 0; c < weights.size(); ++c)
      weights[c] = grid_.weight(indices[static_cast<std::size_t>(c)]);
    return weights;
  }

 private:
  SphereGrid grid_;
};

// The sphere of the plane, with the quadrature of the circle.
class PlaneSpherePoints : public SpherePoints {
 public:
  PlaneSpherePoints(SphereDensity density, HarmonicSum target, double radius, WeightedAngles angles)
      : SpherePoints(density, std::move(target), radius), angles_(std::move(angles)) {}

  Index count() const override { return angles_.angles.size(); }
  Vector direction(Index i) const override {
    return Eigen::Vector2d(std::cos(angles_.angles[i]), std::sin(angles_.angles[i]));
  }
  Vector weights(std::span<const Index> indices) const override {
    return select(angles_.weights, indices);
  }

 private:
  WeightedAngles angles_;
};

void check_equal_count(const char* key, std::size_t found, std::size_t wanted) {
  if (found != wanted)
    throw ConfigError(fmt::format("{} has {} values and target.degrees {}, need as many (or none)",
                                  key, found, wanted));
}

void check_harmonic(Index dimension, Index degree, Index order) {
  if (degree < 0 || !std::isfinite(harmonic_multiplicity(dimension, degree)))
    throw ConfigError(
        fmt::format("target.degrees has {}, need integers >= 0 (and not so high that "
                    "the harmonics of input.dimension = {} cannot be counted)",
                    degree, dimension));
  if (std::abs(order) > degree)
    throw ConfigError(fmt::format("target.orders has {} with the degree {}, need -degree to degree",
                                  order, degree));
  if (order != 0 && dimension != 3)
    throw ConfigError(
        fmt::format("target.orders has {}, need 0: only the zonal harmonics are there for "
                    "input.dimension = {}",
                    order, dimension));
}

HarmonicSum harmonic_sum(const TargetSpec& target, Index dimension) {
  if (target.kind == TargetKind::none) return {dimension, {}, {}, {}};
  HarmonicSum sum{dimension, target.degrees, target.orders, target.amplitudes};
  if (sum.degrees.empty())
    throw ConfigError("target.degrees is empty, need >= 1 integer for target.kind = harmonics");
  if (sum.orders.empty()) sum.orders.assign(sum.degrees.size(), 0);
  if (sum.amplitudes.empty()) sum.amplitudes.assign(sum.degrees.size(), 1.0);
  check_equal_count("target.orders", sum.orders.size(), sum.degrees.size());
  check_equal_count("target.amplitudes", sum.amplitudes.size(), sum.degrees.size());
  for (std::size_t j = 0; j < sum.degrees.size(); ++j) {
    check_harmonic(dimension, sum.degrees[j], sum.orders[j]);
    if (!std::isfinite(sum.amplitudes[j]))
      throw ConfigError(
          fmt::format("target.amplitudes has {}, need finite numbers", sum.amplitudes[j]));
  }
  return sum;
}

// The half of negative heights first.
CircleDensity density_of_plane(const SphereDensity& density) {
  if (!density.ratio) return CircleDensity::uniform();
  return CircleDensity::piecewise({-std::numbers::pi, 0}, {1, *density.ratio});
}

std::shared_ptr<SpherePoints> quadrature(const SphereDensity& density, const HarmonicSum& target,
                                         double radius, Index n) {
  if (density.dimension == 2)
    return std::make_shared<PlaneSpherePoints>(density, target, radius,
                                               circle_quadrature(density_of_plane(density), n));
  if (density.dimension == 3)
    return std::make_shared<SphereGridPoints>(density, target, radius, sphere_grid(density, n));
  throw ConfigError(
      fmt::format("reference.rule = quadrature: there is none for input.dimension = {}, use sample",
                  density.dimension));
}

}  // namespace

Matrix SpherePoints::points(std::span<const Index> indices) const {
  Matrix points(density_.dimension, count_of(indices));
  for (Index c = 0; c < points.cols(); ++c) {
    const Index i = indices[static_cast<std::size_t>(c)];
    NTKFLOW_EXPECTS(0 <= i && i < count());
    points.col(c) = radius_ * direction(i);
  }
  return points;
}

Vector SpherePoints::targets(std::span<const Index> indices) const {
  Vector values(count_of(indices));
  for (Index c = 0; c < values.size(); ++c)
    values[c] = target_(direction(indices[static_cast<std::size_t>(c)]));
  return values;
}

IndexList SpherePoints::regions(std::span<const Index> indices) const {
  IndexList regions;
  for (const Index i : indices)
    regions.push_back(density_.region(direction(i)[density_.dimension - 1]));
  return regions;
}

Vector sample_direction(const SphereDensity& density, const RandomStream& stream, Index i) {
  const Index d = density.dimension;
  Vector direction(d);
  double squares = 0;
  for (Index k = 0; k < d; ++k) {
    direction[k] = stream.normal(i * d + k);
    squares += direction[k] * direction[k];
  }
  direction /= std::sqrt(squares);
  if (density.ratio) {
    const bool above = stream.uniform(i) * (1 + *density.ratio) < *density.ratio;
    direction[d - 1] = std::copysign(direction[d - 1], above ? 1.0 : -1.0);
  }
  return direction;
}

PointSets make_sphere_points(const InputSpec& input, const TargetSpec& target,
                             const ReferenceSpec& reference, const TrainingSpec& training,
                             std::uint64_t seed) {
  const SphereDensity density = sphere_density(input);
  const HarmonicSum sum = harmonic_sum(target, density.dimension);
  const auto sample = [&](RandomPurpose purpose, Index n) {
    return std::make_shared<SphereSample>(density, sum, input.scale, RandomStream(seed, purpose),
                                          n);
  };
  return {reference.rule == ReferenceRule::quadrature
              ? quadrature(density, sum, input.scale, reference.points)
              : sample(RandomPurpose::reference_points, reference.points),
          sample(RandomPurpose::training_points, training.samples), ""};
}

}  // namespace ntkflow
