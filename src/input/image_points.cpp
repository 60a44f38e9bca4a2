#include "ntkflow/input/image_points.hpp"

#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "ntkflow/input/cifar_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ntkflow {
namespace {

using Images = std::shared_ptr<const LabelledImages>;

// The images of one split that have the wanted labels, in the order of the file.
Images read_split(const InputSpec& input, Split split) {
  if (input.path.empty())
    throw ConfigError(
        "input.path is not set, need the folder of the data set's files, e.g. --set "
        "input.path=DIR");
  LabelledImages all =
      input.dataset == "cifar10" ? read_cifar10(input.path, split) : read_mnist(input.path, split);
  return std::make_shared<LabelledImages>(select_classes(std::move(all), input.classes));
}

bool holds(const std::vector<Index>& classes, Index label) {
  return std::find(classes.begin(), classes.end(), label) != classes.end();
}

std::vector<Index> positive_classes(const InputSpec& input, const TargetSpec& target) {
  const std::vector<Index>& classes = input.classes;
  if (target.positive.empty()) {
    if (classes.size() == 2) return {classes[1]};
    throw ConfigError(fmt::format(
        "input.classes has {} classes ({}), need two for target.kind = labels: the first becomes "
        "-1, the second +1; or set target.positive",
        classes.size(), fmt::join(classes, ",")));
  }
  for (const Index label : target.positive)
    if (!classes.empty() && !holds(classes, label))
      throw ConfigError(
          fmt::format("target.positive has {}, which is not in input.classes", label));
  if (!classes.empty() && std::all_of(classes.begin(), classes.end(),
                                      [&](Index c) { return holds(target.positive, c); }))
    throw ConfigError("target.positive holds all input.classes, need some that become -1");
  return target.positive;
}

void check_same_size(const LabelledImages& train, const LabelledImages& source) {
  if (train.height != source.height || train.width != source.width)
    throw ConfigError(fmt::format(
        "input.path: the training images are {} x {}, the test images {} x {}, need the same",
        train.height, train.width, source.height, source.width));
}

// Draws without replacement from a pool of image numbers.
IndexList draw(const IndexList& pool, const RandomStream& stream, Index wanted, const char* key) {
  if (wanted > count_of(pool))
    throw ConfigError(
        fmt::format("{} = {}, but only {} images of input.classes are there to draw from", key,
                    wanted, pool.size()));
  IndexList drawn = random_choice(stream, count_of(pool), wanted);
  for (Index& i : drawn) i = pool[static_cast<std::size_t>(i)];
  return drawn;
}

IndexList without(const IndexList& taken, Index count) {
  std::vector<char> is_taken(static_cast<std::size_t>(count), 0);
  for (const Index i : taken) is_taken[static_cast<std::size_t>(i)] = 1;
  IndexList rest;
  for (Index i = 0; i < count; ++i)
    if (is_taken[static_cast<std::size_t>(i)] == 0) rest.push_back(i);
  return rest;
}

IndexList reference_numbers(const ReferenceSpec& reference, const IndexList& train_numbers,
                            Index available, std::uint64_t seed) {
  const bool leave_out = reference.disjoint && reference.split == Split::train;
  const IndexList pool = leave_out ? without(train_numbers, available) : indices_of({0, available});
  if (pool.empty())
    throw ConfigError(fmt::format(
        "training.samples = {} takes every image of the train split, which leaves none for the "
        "reference (reference.disjoint)",
        train_numbers.size()));
  if (reference.rule == ReferenceRule::all) return pool;
  return draw(pool, {seed, RandomPurpose::reference_points}, reference.points, "reference.points");
}

}  // namespace

LabelValues label_values(const InputSpec& input, const TargetSpec& target) {
  LabelValues values;
  values.fill(target.kind == TargetKind::none ? 0 : -1);
  if (target.kind == TargetKind::none) return values;
  for (const Index label : positive_classes(input, target)) {
    if (label < 0 || label >= count_of(values))
      throw ConfigError(fmt::format("target.positive has {}, need labels from 0 to 255", label));
    values[static_cast<std::size_t>(label)] = 1;
  }
  return values;
}

ImagePoints::ImagePoints(Images images, IndexList numbers,
                         std::shared_ptr<const PixelValues> pixels, const LabelValues& values)
    : images_(std::move(images)),
      numbers_(std::move(numbers)),
      pixels_(std::move(pixels)),
      values_(values) {}

Index ImagePoints::image_number(Index i) const {
  NTKFLOW_EXPECTS(0 <= i && i < count());
  return numbers_[static_cast<std::size_t>(i)];
}

Matrix ImagePoints::points(std::span<const Index> indices) const {
  Matrix points(dimension(), count_of(indices));
  for (Index c = 0; c < points.cols(); ++c) {
    const Index number = image_number(indices[static_cast<std::size_t>(c)]);
    points.col(c) = (*pixels_)(images_->image(number));
  }
  return points;
}

Vector ImagePoints::weights(std::span<const Index> indices) const {
  return Vector::Constant(count_of(indices), 1 / static_cast<double>(count()));
}

Vector ImagePoints::targets(std::span<const Index> indices) const {
  Vector targets(count_of(indices));
  for (Index c = 0; c < targets.size(); ++c) {
    const Index number = image_number(indices[static_cast<std::size_t>(c)]);
    targets[c] = values_[images_->labels[static_cast<std::size_t>(number)]];
  }
  return targets;
}

PointSets make_image_points(const InputSpec& input, const TargetSpec& target,
                            const ReferenceSpec& reference, const TrainingSpec& training,
                            std::uint64_t seed) {
  const LabelValues values = label_values(input, target);
  const Images train = read_split(input, Split::train);
  const Images source = reference.split == Split::train ? train : read_split(input, Split::test);
  check_same_size(*train, *source);
  const auto pixels = std::make_shared<PixelValues>(
      *train, PixelOptions{input.colours, input.resize, input.normalise, input.scale});
  const IndexList train_numbers =
      draw(indices_of({0, train->count()}), {seed, RandomPurpose::permutation}, training.samples,
           "training.samples");
  return {std::make_shared<ImagePoints>(
              source, reference_numbers(reference, train_numbers, source->count(), seed), pixels,
              values),
          std::make_shared<ImagePoints>(train, train_numbers, pixels, values),
          source == train ? train->digest : digest(train->digest + source->digest)};
}

}  // namespace ntkflow
