#include "ntkflow/input/make_point_sets.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/circle_points.hpp"
#include "ntkflow/input/explicit_points.hpp"
#include "ntkflow/input/image_points.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {
namespace {

void check_scale(double scale) {
  if (!std::isfinite(scale) || scale <= 0)
    throw ConfigError(fmt::format("input.scale = {}, need a finite number > 0", scale));
}

void check_target(TargetKind kind, TargetKind needed, const char* advice) {
  if (kind != needed) throw ConfigError(advice);
}

void check_count(const char* key, Index count) {
  if (count < 1) throw ConfigError(fmt::format("{} = {}, need >= 1", key, count));
}

void check_circle(const TargetSpec& target, const ReferenceSpec& reference,
                  const TrainingSpec& training) {
  check_target(
      target.kind, TargetKind::cosines,
      "target.kind: the circle (input.space = circle) has neither labels nor a file of values; "
      "use target.kind = cosines");
  if (reference.rule == ReferenceRule::all)
    throw ConfigError(
        "reference.rule = all: the circle has infinitely many points; use quadrature or sample");
  check_count("reference.points", reference.points);
  check_count("training.samples", training.samples);
}

void check_dataset(const TargetSpec& target, const ReferenceSpec& reference,
                   const TrainingSpec& training) {
  check_target(
      target.kind, TargetKind::labels,
      "target.kind: images (input.space = dataset) have no angle and bring their own values; "
      "use target.kind = labels");
  if (reference.rule == ReferenceRule::quadrature)
    throw ConfigError(
        "reference.rule = quadrature: a data set is a sample of an unknown measure, which has no "
        "quadrature rule; use sample or all");
  if (reference.rule == ReferenceRule::sample) check_count("reference.points", reference.points);
  check_count("training.samples", training.samples);
}

}  // namespace

PointSets make_point_sets(const InputSpec& input, const TargetSpec& target,
                          const ReferenceSpec& reference, const TrainingSpec& training,
                          std::uint64_t seed) {
  check_scale(input.scale);
  switch (input.space) {
    case Space::circle:
      check_circle(target, reference, training);
      return make_circle_points(input, target, reference, training, seed);
    case Space::dataset:
      check_dataset(target, reference, training);
      return make_image_points(input, reference, training, seed);
    case Space::points:
      check_target(target.kind, TargetKind::file,
                   "target.kind: explicit points (input.space = points) have neither an angle nor "
                   "labels; use target.kind = file with target.train_values");
      return make_explicit_points(input, target);
  }
  NTKFLOW_EXPECTS(!"a space that this switch does not know");
  return {};
}

}  // namespace ntkflow
