#include "ntkflow/input/make_point_sets.hpp"

#include "input/hdf5_files.hpp"
#include "input/support.hpp"

#include <cmath>

namespace ntkflow {
namespace {

const std::string shipped = NTKFLOW_SOURCE_DIR "/jobs/mnist/data";

PointSets make(const InputSpec& input, const TargetSpec& target, ReferenceRule rule,
               Index points = 20, Index samples = 10) {
  return make_point_sets(input, target, {.points = points, .rule = rule}, {.samples = samples}, 1);
}

const TargetSpec harmonics = {.kind = TargetKind::harmonics, .degrees = {2}};
const TargetSpec cosines = {.kind = TargetKind::cosines, .frequencies = {1}};
const TargetSpec labels = {.kind = TargetKind::labels};
const TargetSpec file = {.kind = TargetKind::file};
const InputSpec circle = {.space = Space::circle};
const InputSpec digits = {.space = Space::dataset, .path = shipped, .classes = {4, 9}};
const InputSpec sphere = {.space = Space::sphere};
const InputSpec points = {.space = Space::points};

TEST(MakePointSets, makes_each_space) {
  const TemporaryFolder folder;
  const std::string name = (folder / "f.h5").string();
  {
    const Hdf5File h5 = create_hdf5(name);
    write_dataset(h5, "x", {3, 5}, std::vector<double>(15, 1));
    write_dataset(h5, "y", {3}, {1, 2, 3});
  }

  EXPECT_EQ(make(circle, cosines, ReferenceRule::quadrature).reference->dimension(), 2);
  EXPECT_EQ(make(sphere, harmonics, ReferenceRule::quadrature).train->dimension(), 3);
  EXPECT_EQ(make(digits, labels, ReferenceRule::sample).train->dimension(), 784);
  EXPECT_EQ(make_point_sets({.space = Space::points, .train_points = {name, "/x"}},
                            {.kind = TargetKind::file, .train_values = {name, "/y"}}, {}, {}, 1)
                .train->dimension(),
            5);
}

TEST(MakePointSets, trains_on_the_weighted_reference_points_if_asked) {
  const InputSpec arcs = {.density = Density::piecewise, .edges = {-2, 1}, .weights = {1, 3}};
  const PointSets sets =
      make_point_sets(arcs, cosines, {.points = 40}, {.rule = TrainingRule::reference}, 1);

  const IndexList all = indices_of({0, 40});
  EXPECT_EQ(sets.train->count(), 40);
  EXPECT_EQ(sets.train->points(all), sets.reference->points(all));
  EXPECT_EQ(sets.train->weights(all), sets.reference->weights(all));
  EXPECT_GT(sets.train->weights(all).maxCoeff(), 2 * sets.train->weights(all).minCoeff());
}

// 4,000 normal numbers of deviation 0.5: their mean is within 4 deviations / sqrt(n) of 0, their
// mean square within 4 sqrt(2 / n) of 0.25, relatively.
TEST(MakePointSets, noise_is_normal_and_on_training_targets_only) {
  TargetSpec noisy = cosines;
  noisy.noise = 0.5;
  const auto sets_of = [](const TargetSpec& target) {
    return make(circle, target, ReferenceRule::quadrature, 20, 4000);
  };
  const PointSets with = sets_of(noisy), without = sets_of(cosines);
  const IndexList all = indices_of({0, 4000});

  const Vector noise = with.train->targets(all) - without.train->targets(all);

  EXPECT_NEAR(noise.mean(), 0, 4 * 0.5 / std::sqrt(4000));
  EXPECT_NEAR(noise.squaredNorm() / 4000, 0.25, 0.25 * 4 * std::sqrt(2.0 / 4000));
  EXPECT_EQ(with.train->points(all), without.train->points(all));
  EXPECT_EQ(with.reference->targets(indices_of({0, 20})),
            without.reference->targets(indices_of({0, 20})));
  expect_selection_independent(*with.train);
  noisy.noise = -1;
  EXPECT_MESSAGE(ConfigError, sets_of(noisy), "target.noise = -1");
}

TEST(MakePointSets, refuses_targets_that_the_space_does_not_have) {
  for (const TargetSpec& target : {labels, file})
    EXPECT_MESSAGE(ConfigError, make(circle, target, ReferenceRule::quadrature),
                   "use target.kind = cosines");
  for (const TargetSpec& target : {cosines, file})
    EXPECT_MESSAGE(ConfigError, make(digits, target, ReferenceRule::sample),
                   "use target.kind = labels");
  for (const TargetSpec& target : {cosines, labels})
    EXPECT_MESSAGE(ConfigError, make(points, target, ReferenceRule::quadrature),
                   "use target.kind = file");
  for (const TargetSpec& target : {cosines, labels})
    EXPECT_MESSAGE(ConfigError, make(sphere, target, ReferenceRule::quadrature),
                   "use target.kind = harmonics");
}

TEST(MakePointSets, refuses_reference_rules_that_the_space_does_not_have) {
  EXPECT_MESSAGE(ConfigError, make(circle, cosines, ReferenceRule::all), "infinitely many points");
  EXPECT_MESSAGE(ConfigError, make(sphere, harmonics, ReferenceRule::all),
                 "infinitely many points");
  EXPECT_MESSAGE(ConfigError, make(digits, labels, ReferenceRule::quadrature),
                 "no quadrature rule");
}

TEST(MakePointSets, refuses_empty_sets) {
  for (const Index none : {0, -1}) {
    EXPECT_MESSAGE(ConfigError, make(circle, cosines, ReferenceRule::sample, none),
                   "reference.points = ");
    EXPECT_MESSAGE(ConfigError, make(circle, cosines, ReferenceRule::sample, 9, none),
                   "training.samples = ");
    EXPECT_MESSAGE(ConfigError, make(digits, labels, ReferenceRule::sample, none),
                   "reference.points = ");
    EXPECT_MESSAGE(ConfigError, make(digits, labels, ReferenceRule::all, 9, none),
                   "training.samples = ");
  }
}

TEST(MakePointSets, refuses_a_scale_that_is_not_positive) {
  for (const double scale : {0.0, -1.0, 1 / 0.0, 0.0 / 0.0}) {
    InputSpec input = circle;
    input.scale = scale;
    EXPECT_MESSAGE(ConfigError, make(input, cosines, ReferenceRule::quadrature), "input.scale = ");
  }
}

}  // namespace
}  // namespace ntkflow
