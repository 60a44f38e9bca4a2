#include "ntkflow/input/make_point_sets.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/circle_points.hpp"
#include "ntkflow/input/explicit_points.hpp"
#include "ntkflow/input/image_points.hpp"
#include "ntkflow/input/noisy_points.hpp"
#include "ntkflow/input/sphere_points.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {
namespace {

void check_scale(double scale) {
  if (!std::isfinite(scale) || scale <= 0)
    throw ConfigError(fmt::format("input.scale = {}, need a finite number > 0", scale));
}

// Without a target f* is 0, wherever the points come from.
void check_target(TargetKind kind, TargetKind needed, const char* advice) {
  if (kind != needed && kind != TargetKind::none) throw ConfigError(advice);
}

void check_noise(double noise) {
  if (!std::isfinite(noise) || noise < 0)
    throw ConfigError(fmt::format("target.noise = {}, need a finite number >= 0", noise));
}

void check_count(const char* key, Index count) {
  if (count < 1) throw ConfigError(fmt::format("{} = {}, need >= 1", key, count));
}

// A space with a known measure: circle or sphere.
void check_measure(const char* space, const ReferenceSpec& reference) {
  if (reference.rule == ReferenceRule::all)
    throw ConfigError(fmt::format(
        "reference.rule = all: the {} has infinitely many points; use quadrature or sample",
        space));
  check_count("reference.points", reference.points);
}

void check_dataset(const ReferenceSpec& reference) {
  if (reference.rule == ReferenceRule::quadrature)
    throw ConfigError(
        "reference.rule = quadrature: a data set is a sample of an unknown measure, which has no "
        "quadrature rule; use sample or all");
  if (reference.rule == ReferenceRule::sample) check_count("reference.points", reference.points);
}

// The points as the space makes them: training points drawn, targets without noise.
PointSets plain_point_sets(const InputSpec& input, const TargetSpec& target,
                           const ReferenceSpec& reference, const TrainingSpec& training,
                           std::uint64_t seed) {
  switch (input.space) {
    case Space::circle:
      check_target(target.kind, TargetKind::cosines,
                   "target.kind: the circle (input.space = circle) has neither labels nor a file "
                   "of values; use target.kind = cosines");
      check_measure("circle", reference);
      return make_circle_points(input, target, reference, training, seed);
    case Space::sphere:
      check_target(
          target.kind, TargetKind::harmonics,
          "target.kind: the sphere (input.space = sphere) has neither an angle, labels nor "
          "a file of values; use target.kind = harmonics");
      check_measure("sphere", reference);
      return make_sphere_points(input, target, reference, training, seed);
    case Space::dataset:
      check_target(target.kind, TargetKind::labels,
                   "target.kind: images (input.space = dataset) have no angle and bring their own "
                   "values; use target.kind = labels");
      check_dataset(reference);
      return make_image_points(input, target, reference, training, seed);
    case Space::points:
      check_target(target.kind, TargetKind::file,
                   "target.kind: explicit points (input.space = points) have neither an angle nor "
                   "labels; use target.kind = file with target.train_values");
      return make_explicit_points(input, target);
  }
  NTKFLOW_EXPECTS(!"a space that this switch does not know");
  return {};
}

}  // namespace

PointSets make_point_sets(const InputSpec& input, const TargetSpec& target,
                          const ReferenceSpec& reference, const TrainingSpec& training,
                          std::uint64_t seed) {
  check_scale(input.scale);
  check_noise(target.noise);
  TrainingSpec drawn = training;
  if (training.rule == TrainingRule::reference)
    drawn.samples = 0;
  else if (input.space != Space::points)
    check_count("training.samples", training.samples);
  PointSets sets = plain_point_sets(input, target, reference, drawn, seed);
  if (training.rule == TrainingRule::reference) sets.train = sets.reference;
  if (target.noise > 0)
    sets.train = std::make_shared<NoisyPoints>(sets.train, target.noise,
                                               RandomStream(seed, RandomPurpose::label_noise));
  return sets;
}

}  // namespace ntkflow
