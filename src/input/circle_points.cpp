#include "ntkflow/input/circle_points.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {
namespace {

CosineSum cosine_sum(const TargetSpec& target) {
  if (target.kind == TargetKind::none) return {};
  if (target.frequencies.empty())
    throw ConfigError("target.frequencies is empty, need >= 1 integer for target.kind = cosines");
  for (const Index frequency : target.frequencies)
    if (frequency < 0)
      throw ConfigError(fmt::format("target.frequencies has {}, need integers >= 0", frequency));
  CosineSum sum{target.frequencies, target.amplitudes, target.phases};
  if (sum.amplitudes.empty()) sum.amplitudes.assign(sum.frequencies.size(), 1.0);
  if (sum.phases.empty()) sum.phases.assign(sum.frequencies.size(), 0.0);
  if (sum.phases.size() != sum.frequencies.size())
    throw ConfigError(
        fmt::format("target.phases has {} values and target.frequencies {}, need as many (or none)",
                    sum.phases.size(), sum.frequencies.size()));
  if (sum.amplitudes.size() != sum.frequencies.size())
    throw ConfigError(
        fmt::format("target.amplitudes has {} values and target.frequencies {}, need as many (or "
                    "no amplitudes: "
                    "each is then 1)",
                    sum.amplitudes.size(), sum.frequencies.size()));
  for (const double amplitude : sum.amplitudes)
    if (!std::isfinite(amplitude))
      throw ConfigError(fmt::format("target.amplitudes has {}, need finite numbers", amplitude));
  return sum;
}

}  // namespace

double CosineSum::operator()(double angle) const {
  double sum = 0;
  for (std::size_t j = 0; j < frequencies.size(); ++j)
    sum += amplitudes[j] * std::cos(static_cast<double>(frequencies[j]) * angle + phases[j]);
  return sum;
}

// One scalar cosine at a time: Eigen's vectorised one rounds differently at the end of a batch, and
// a point must not depend on the batch it is made in.
Matrix CirclePoints::points(std::span<const Index> indices) const {
  Matrix points(2, count_of(indices));
  for (Index c = 0; c < points.cols(); ++c) {
    const double a = angle(indices[static_cast<std::size_t>(c)]);
    points(0, c) = radius_ * std::cos(a);
    points(1, c) = radius_ * std::sin(a);
  }
  return points;
}

Vector CirclePoints::targets(std::span<const Index> indices) const {
  Vector values(count_of(indices));
  for (Index c = 0; c < values.size(); ++c)
    values[c] = target_(angle(indices[static_cast<std::size_t>(c)]));
  return values;
}

IndexList CirclePoints::regions(std::span<const Index> indices) const {
  IndexList regions;
  for (const Index i : indices) regions.push_back(density_.region(angle(i)));
  return regions;
}

double CircleQuadraturePoints::angle(Index i) const {
  NTKFLOW_EXPECTS(0 <= i && i < count());
  return rule_.angles[i];
}

Vector CircleQuadraturePoints::weights(std::span<const Index> indices) const {
  return select(rule_.weights, indices);
}

double CircleSample::angle(Index i) const {
  NTKFLOW_EXPECTS(0 <= i && i < count());
  return density().quantile(stream_.uniform(i));
}

Vector CircleSample::weights(std::span<const Index> indices) const {
  return Vector::Constant(count_of(indices), 1 / static_cast<double>(count_));
}

PointSets make_circle_points(const InputSpec& input, const TargetSpec& target,
                             const ReferenceSpec& reference, const TrainingSpec& training,
                             std::uint64_t seed) {
  const CircleDensity density = circle_density(input);
  const CosineSum sum = cosine_sum(target);
  const auto quadrature = [&] {
    return std::make_shared<CircleQuadraturePoints>(
        density, circle_quadrature(density, reference.points), sum, input.scale);
  };
  const auto sample = [&](RandomPurpose purpose, Index n) {
    return std::make_shared<CircleSample>(density, RandomStream(seed, purpose), n, sum,
                                          input.scale);
  };
  PointSets sets;
  if (reference.rule == ReferenceRule::quadrature)
    sets.reference = quadrature();
  else
    sets.reference = sample(RandomPurpose::reference_points, reference.points);
  sets.train = sample(RandomPurpose::training_points, training.samples);
  return sets;
}

}  // namespace ntkflow
