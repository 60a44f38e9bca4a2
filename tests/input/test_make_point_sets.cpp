#include "ntkflow/input/make_point_sets.hpp"

#include "input/hdf5_files.hpp"
#include "input/support.hpp"

namespace ntkflow {
namespace {

const std::string shipped = NTKFLOW_SOURCE_DIR "/jobs/mnist/data";

PointSets make(const InputSpec& input, const TargetSpec& target, ReferenceRule rule,
               Index points = 20, Index samples = 10) {
  return make_point_sets(input, target, {.points = points, .rule = rule}, {.samples = samples}, 1);
}

const TargetSpec cosines = {.kind = TargetKind::cosines, .frequencies = {1}};
const TargetSpec labels = {.kind = TargetKind::labels};
const TargetSpec file = {.kind = TargetKind::file};
const InputSpec circle = {.space = Space::circle};
const InputSpec digits = {.space = Space::dataset, .path = shipped, .classes = {4, 9}};
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
  EXPECT_EQ(make(digits, labels, ReferenceRule::sample).train->dimension(), 784);
  EXPECT_EQ(make_point_sets({.space = Space::points, .train_points = {name, "/x"}},
                            {.kind = TargetKind::file, .train_values = {name, "/y"}}, {}, {}, 1)
                .train->dimension(),
            5);
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
}

TEST(MakePointSets, refuses_reference_rules_that_the_space_does_not_have) {
  EXPECT_MESSAGE(ConfigError, make(circle, cosines, ReferenceRule::all), "infinitely many points");
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
