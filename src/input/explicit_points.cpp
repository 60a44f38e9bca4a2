#include "ntkflow/input/explicit_points.hpp"

#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/input/hdf5_reader.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

// What the job names for one point set.
struct Sources {
  DatasetPath points;
  DatasetPath weights;
  DatasetPath values;
  const char* values_key;  // null: the target is 0
};

std::string name_of(const DatasetPath& from) {
  return from.file + ":" + from.path;
}

// "5", "28 x 28 x 1"
std::string shape_text(const SampleShape& shape) {
  std::string text;
  for (const Index extent : shape.extents) text += fmt::format("{} x ", extent);
  return text + fmt::format("{}", shape.channels);
}

void require(const DatasetPath& from, const char* key) {
  if (!from.given())
    throw ConfigError(
        fmt::format("{} is not set, need FILE.h5:/DATASET for input.space = points", key));
}

Vector read_for_points(const DatasetPath& from, const DatasetPath& points, Index count) {
  Vector values = read_hdf5_vector(from);
  if (values.size() != count)
    throw ConfigError(fmt::format("{} has {} values, but {} has {} points", name_of(from),
                                  values.size(), name_of(points), count));
  return values;
}

Vector normalised(Vector weights, const DatasetPath& from) {
  const double largest = weights.maxCoeff();
  for (Index i = 0; i < weights.size(); ++i) {
    const double relative = weights[i] / largest;
    if (weights[i] <= 0 || relative == 0)
      throw ConfigError(fmt::format("{}: the weight at [{}] is {}, need weights > 0", name_of(from),
                                    i, weights[i]));
    weights[i] = relative;  // so that the sum cannot overflow
  }
  return weights / weights.sum();
}

std::shared_ptr<ExplicitPoints> read_points(const Sources& sources, double scale) {
  StoredPoints points = read_hdf5_points(sources.points);
  const Index count = points.values.cols();
  Vector weights = Vector::Constant(count, 1 / static_cast<double>(count));
  if (sources.weights.given())
    weights = normalised(read_for_points(sources.weights, sources.points, count), sources.weights);
  Vector values = Vector::Zero(count);
  if (sources.values_key != nullptr) {
    require(sources.values, sources.values_key);
    values = read_for_points(sources.values, sources.points, count);
  }
  return std::make_shared<ExplicitPoints>(std::move(points.shape), scale * points.values,
                                          std::move(weights), std::move(values));
}

Sources train_sources(const InputSpec& input, const TargetSpec& target) {
  const bool has_values = target.kind != TargetKind::none;
  return {
      input.train_points, {}, target.train_values, has_values ? "target.train_values" : nullptr};
}

Sources reference_sources(const InputSpec& input, const TargetSpec& target) {
  Sources sources = train_sources(input, target);
  sources.weights = input.reference_weights;
  if (input.reference_points.given()) {
    sources.points = input.reference_points;
    sources.values = target.reference_values;
    if (sources.values_key != nullptr) sources.values_key = "target.reference_values";
  } else if (target.reference_values.given()) {
    throw ConfigError(
        "target.reference_values is set without input.reference_points; set both or neither");
  }
  return sources;
}

}  // namespace

ExplicitPoints::ExplicitPoints(SampleShape shape, Matrix points, Vector weights, Vector targets)
    : shape_(std::move(shape)),
      points_(std::move(points)),
      weights_(std::move(weights)),
      targets_(std::move(targets)) {
  NTKFLOW_EXPECTS(points_.rows() == dimension());
  NTKFLOW_EXPECTS(weights_.size() == count() && targets_.size() == count());
}

Matrix ExplicitPoints::points(std::span<const Index> indices) const {
  Matrix chosen(dimension(), count_of(indices));
  for (Index c = 0; c < chosen.cols(); ++c) {
    const Index i = indices[static_cast<std::size_t>(c)];
    NTKFLOW_EXPECTS(0 <= i && i < count());
    chosen.col(c) = points_.col(i);
  }
  return chosen;
}

Vector ExplicitPoints::weights(std::span<const Index> indices) const {
  return select(weights_, indices);
}

Vector ExplicitPoints::targets(std::span<const Index> indices) const {
  return select(targets_, indices);
}

std::string ExplicitPoints::digest() const {
  std::string all = fmt::format("{} x {}", shape_text(shape_), count());
  all += ntkflow::digest(bytes_of(span_of(points_)));
  all += ntkflow::digest(bytes_of(span_of(weights_)));
  all += ntkflow::digest(bytes_of(span_of(targets_)));
  return ntkflow::digest(all);
}

PointSets make_explicit_points(const InputSpec& input, const TargetSpec& target) {
  require(input.train_points, "input.train_points");
  const auto train = read_points(train_sources(input, target), input.scale);
  const auto reference = read_points(reference_sources(input, target), input.scale);
  if (reference->shape() != train->shape())
    throw ConfigError(
        fmt::format("input.reference_points have the shape {}, input.train_points {}, need the "
                    "same",
                    shape_text(reference->shape()), shape_text(train->shape())));
  return {reference, train, digest(reference->digest() + train->digest())};
}

}  // namespace ntkflow
