#include "ntkflow/input/image_points.hpp"

#include "input/support.hpp"

#include <algorithm>
#include <set>

namespace ntkflow {
namespace {

InputSpec shipped(std::vector<Index> classes = {4, 9}) {
  return {.space = Space::dataset,
          .path = NTKFLOW_SOURCE_DIR "/jobs/mnist/data",
          .classes = std::move(classes)};
}

const TargetSpec labels = {.kind = TargetKind::labels};
constexpr ReferenceSpec held_out = {.points = 3200, .rule = ReferenceRule::sample};

std::set<Index> numbers_of(const PointSet& set) {
  const auto& images = dynamic_cast<const ImagePoints&>(set);
  std::set<Index> numbers;
  for (Index i = 0; i < set.count(); ++i) numbers.insert(images.image_number(i));
  return numbers;
}

Index common(const PointSets& sets) {
  const std::set<Index> train = numbers_of(*sets.train), reference = numbers_of(*sets.reference);
  return std::count_if(train.begin(), train.end(), [&](Index i) { return reference.contains(i); });
}

std::shared_ptr<const LabelledImages> two_images() {
  return std::make_shared<LabelledImages>(
      LabelledImages{1, 3, 1, std::string("\3\0\4", 3) + std::string(3, '\0'), {5, 6}, ""});
}

LabelValues plus_one_for(std::size_t label) {
  LabelValues values;
  values.fill(-1);
  values[label] = 1;
  return values;
}

TEST(ImagePoints, normalise_in_three_ways) {
  const auto first = [](Normalise normalise) {
    const IndexList both = {0, 1};
    const PixelOptions options{.normalise = normalise, .scale = 10};
    return ImagePoints(two_images(), both, std::make_shared<PixelValues>(*two_images(), options),
                       plus_one_for(6))
        .points(both);
  };

  EXPECT_TRUE(first(Normalise::unit_norm)
                  .col(0)
                  .isApprox(Vector::Map(std::array{6.0, 0.0, 8.0}.data(), 3), 1e-15));
  EXPECT_EQ(first(Normalise::unit_range)(2, 0), 10 * (4.0 / 255));
  EXPECT_EQ(first(Normalise::raw)(2, 0), 40);
  for (const Normalise normalise : {Normalise::unit_norm, Normalise::unit_range, Normalise::raw})
    EXPECT_EQ(first(normalise).col(1), Vector::Zero(3)) << "an all-zero image stays zero";
}

TEST(ImagePoints, have_the_values_of_their_labels) {
  const IndexList both = {0, 1};
  const auto pixels = std::make_shared<PixelValues>(*two_images(), PixelOptions{});

  EXPECT_EQ(ImagePoints(two_images(), both, pixels, plus_one_for(6)).targets(both),
            Vector::Map(std::array{-1.0, 1.0}.data(), 2));
  EXPECT_EQ(ImagePoints(two_images(), both, pixels, plus_one_for(5)).targets(both),
            Vector::Map(std::array{1.0, -1.0}.data(), 2));
}

TEST(LabelValues, are_plus_one_for_positive_classes) {
  const auto values = [](std::vector<Index> classes, std::vector<Index> positive,
                         TargetKind kind = TargetKind::labels) {
    return label_values({.classes = std::move(classes)},
                        {.kind = kind, .positive = std::move(positive)});
  };

  EXPECT_EQ(values({4, 9}, {})[9], 1);
  EXPECT_EQ(values({4, 9}, {})[4], -1);
  EXPECT_EQ(values({4, 9}, {4})[4], 1);
  EXPECT_EQ(values({}, {0, 2})[2], 1);
  EXPECT_EQ(values({}, {0, 2})[1], -1);
  EXPECT_EQ(values({}, {}, TargetKind::none)[1], 0);
  EXPECT_MESSAGE(ConfigError, values({}, {}), "input.classes has 0 classes");
  EXPECT_MESSAGE(ConfigError, values({1, 2, 3}, {4}), "target.positive has 4");
  EXPECT_MESSAGE(ConfigError, values({1, 2}, {2, 1}), "holds all input.classes");
}

TEST(MakeImagePoints, without_classes_take_every_image) {
  InputSpec all = shipped({});
  const PointSets sets = make_image_points(all, {.kind = TargetKind::none},
                                           {.rule = ReferenceRule::all}, {.samples = 10}, 1);

  EXPECT_EQ(sets.reference->count(), 4190);
  EXPECT_EQ(sets.train->targets(indices_of({0, 10})), Vector::Zero(10));
}

TEST(MakeImagePoints, training_and_reference_are_disjoint_draws_without_replacement) {
  const PointSets sets = make_image_points(shipped(), labels, held_out, {.samples = 1000}, 1);

  EXPECT_EQ(numbers_of(*sets.train).size(), 1000u);
  EXPECT_EQ(numbers_of(*sets.reference).size(), 3200u);
  EXPECT_EQ(common(sets), 0);
  EXPECT_EQ(sets.train->shape(), (SampleShape{{28, 28}, 1}));
  EXPECT_EQ(sets.data_digest.size(), 32u);
  EXPECT_NEAR(sets.reference->weights(indices_of({0, 3200})).sum(), 1, 1e-12);
}

TEST(MakeImagePoints, first_class_is_minus_one_and_second_plus_one) {
  const IndexList all = indices_of({0, 1000});
  const auto targets = [&](std::vector<Index> classes) {
    return make_image_points(shipped(std::move(classes)), labels, held_out, {.samples = 1000}, 1)
        .train->targets(all);
  };
  const Vector four_nine = targets({4, 9});

  EXPECT_EQ(four_nine, -targets({9, 4}));
  EXPECT_EQ(four_nine.cwiseAbs(), Vector::Ones(1000));
  // 2,141 of 4,200 are nines: the mean of a draw of 1,000 is 0.02 with deviation 0.03.
  EXPECT_NEAR(four_nine.mean(), 0.02, 0.15);
}

TEST(MakeImagePoints, images_have_unit_norm_and_do_not_depend_on_the_selection) {
  const PointSets sets = make_image_points(
      shipped(), labels, {.points = 40, .rule = ReferenceRule::sample}, {.samples = 50}, 3);

  const Matrix points = sets.train->points(indices_of({0, 50}));

  for (Index i = 0; i < 50; ++i) EXPECT_NEAR(points.col(i).norm(), 1, 1e-14);
  expect_selection_independent(*sets.train);
  expect_selection_independent(*sets.reference);
}

TEST(MakeImagePoints, the_seed_decides_the_draw) {
  const auto numbers = [](std::uint64_t seed) {
    return numbers_of(
        *make_image_points(shipped(), labels, held_out, {.samples = 100}, seed).train);
  };

  EXPECT_EQ(numbers(1), numbers(1));
  EXPECT_NE(numbers(1), numbers(2));
}

TEST(MakeImagePoints, all_takes_every_image_that_is_not_a_training_point) {
  const auto reference = [](ReferenceSpec spec) {
    spec.rule = ReferenceRule::all;
    return make_image_points(shipped(), labels, spec, {.samples = 1000}, 1);
  };

  EXPECT_EQ(reference({}).reference->count(), 3200);
  EXPECT_EQ(common(reference({})), 0);
  EXPECT_EQ(reference({.disjoint = false}).reference->count(), 4200);
  EXPECT_EQ(reference({.split = Split::test}).reference->count(), 400);
  EXPECT_NE(reference({.split = Split::test}).data_digest, reference({}).data_digest);
}

TEST(MakeImagePoints, overlap_is_allowed_when_disjoint_is_off) {
  ReferenceSpec spec = held_out;
  spec.disjoint = false;

  EXPECT_GT(common(make_image_points(shipped(), labels, spec, {.samples = 1000}, 1)), 0);
}

TEST(MakeImagePoints, refuses_too_few_images_with_the_counts) {
  const auto make = [](Index train, Index reference, Split split = Split::train) {
    return make_image_points(shipped(), labels,
                             {.points = reference, .rule = ReferenceRule::sample, .split = split},
                             {.samples = train}, 1);
  };

  EXPECT_MESSAGE(ConfigError, make(4201, 1), "training.samples = 4201, but only 4200");
  EXPECT_MESSAGE(ConfigError, make(1000, 3201), "reference.points = 3201, but only 3200");
  EXPECT_MESSAGE(ConfigError, make(4200, 1), "leaves none for the reference");
  EXPECT_MESSAGE(ConfigError, make(1000, 401, Split::test), "reference.points = 401, but only 400");
}

TEST(MakeImagePoints, refuses_all_but_two_classes_for_labels) {
  const auto make = [](std::vector<Index> classes) {
    return make_image_points(shipped(std::move(classes)), labels, held_out, {.samples = 10}, 1);
  };

  EXPECT_MESSAGE(ConfigError, make({}), "input.classes has 0 classes");
  EXPECT_MESSAGE(ConfigError, make({4}), "input.classes has 1 classes (4)");
  EXPECT_MESSAGE(ConfigError, make({4, 9, 1}), "input.classes has 3 classes (4,9,1)");
  EXPECT_MESSAGE(ConfigError, make({4, 4}), "lists 4 twice");
  EXPECT_MESSAGE(ConfigError, make({4, 3}), "has the label 3");
}

TEST(MakeImagePoints, asks_for_the_folder) {
  InputSpec input = shipped();
  input.path = "";

  EXPECT_MESSAGE(ConfigError, make_image_points(input, labels, held_out, {.samples = 10}, 1),
                 "input.path is not set");
}

}  // namespace
}  // namespace ntkflow
