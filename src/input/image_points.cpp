#include "ntkflow/input/image_points.hpp"

#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace ntkflow {
namespace {

using Images = std::shared_ptr<const LabelledImages>;

double divisor_of(std::span<const unsigned char> image, Normalise normalise) {
  if (normalise == Normalise::raw) return 1;
  if (normalise == Normalise::unit_range) return 255;
  // Integer arithmetic is exact in any order.
  Index squares = 0;
  for (const unsigned char pixel : image) squares += Index{pixel} * pixel;
  return squares > 0 ? std::sqrt(static_cast<double>(squares)) : 1;
}

// The images of one split that have the wanted labels, in the order of the file.
Images read_split(const InputSpec& input, Split split) {
  if (input.path.empty())
    throw ConfigError(
        "input.path is not set, need the folder of MNIST's four IDX files, e.g. --set "
        "input.path=DIR");
  return std::make_shared<LabelledImages>(
      select_classes(read_mnist(input.path, split), input.classes));
}

void check_two_classes(const std::vector<Index>& classes) {
  if (classes.size() != 2)
    throw ConfigError(
        fmt::format("input.classes has {} classes ({}), need two for target.kind = labels: the "
                    "first becomes -1, "
                    "the second +1",
                    classes.size(), fmt::join(classes, ",")));
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

ImagePoints::ImagePoints(Images images, IndexList numbers, PixelScaling scaling, Index positive)
    : images_(std::move(images)),
      numbers_(std::move(numbers)),
      scaling_(scaling),
      positive_(positive) {}

Index ImagePoints::image_number(Index i) const {
  NTKFLOW_EXPECTS(0 <= i && i < count());
  return numbers_[static_cast<std::size_t>(i)];
}

Matrix ImagePoints::points(std::span<const Index> indices) const {
  Matrix points(dimension(), count_of(indices));
  for (Index c = 0; c < points.cols(); ++c) {
    const auto image = images_->image(image_number(indices[static_cast<std::size_t>(c)]));
    const double divisor = divisor_of(image, scaling_.normalise);
    for (Index k = 0; k < points.rows(); ++k)
      points(k, c) = scaling_.scale * (image[static_cast<std::size_t>(k)] / divisor);
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
    targets[c] = images_->labels[static_cast<std::size_t>(number)] == positive_ ? 1 : -1;
  }
  return targets;
}

PointSets make_image_points(const InputSpec& input, const ReferenceSpec& reference,
                            const TrainingSpec& training, std::uint64_t seed) {
  check_two_classes(input.classes);
  const Images train = read_split(input, Split::train);
  const Images source = reference.split == Split::train ? train : read_split(input, Split::test);
  check_same_size(*train, *source);
  const IndexList train_numbers =
      draw(indices_of({0, train->count()}), {seed, RandomPurpose::permutation}, training.samples,
           "training.samples");
  const PixelScaling scaling{input.normalise, input.scale};
  const Index positive = input.classes[1];
  return {std::make_shared<ImagePoints>(
              source, reference_numbers(reference, train_numbers, source->count(), seed), scaling,
              positive),
          std::make_shared<ImagePoints>(train, train_numbers, scaling, positive),
          source == train ? train->digest : digest(train->digest + source->digest)};
}

}  // namespace ntkflow
