#include "ntkflow/input/explicit_points.hpp"

#include "input/hdf5_files.hpp"
#include "input/support.hpp"

namespace ntkflow {
namespace {

class MakeExplicitPoints : public testing::Test {
 protected:
  MakeExplicitPoints() {
    silence_hdf5();
    const Hdf5File file = create_hdf5(folder / "f.h5");
    write_dataset(file, "x", {3, 2}, {1, 2, 3, 4, 5, 6});
    write_dataset(file, "y", {3}, {-1, 0, 1});
    write_dataset(file, "z", {4, 2}, {8, 7, 6, 5, 4, 3, 2, 1});
    write_dataset(file, "fz", {4, 1}, {0.5, 1.5, 2.5, 3.5});
    write_dataset(file, "w", {4}, {1, 2, 3, 2});
    write_dataset(file, "w3", {3}, {1, 1, 2});
    write_dataset(file, "zero", {4}, {1, 0, 1, 1});
    write_dataset(file, "negative", {4}, {-1, -1, -1, -1});
    write_dataset(file, "images", {3, 2, 3, 2}, std::vector<double>(36, 1));
    write_dataset(file, "other_images", {4, 2, 3, 2}, std::vector<double>(48, 1));
    write_dataset(file, "z3d", {4, 3}, std::vector<double>(12, 1));
  }

  DatasetPath at(const std::string& path) const { return {(folder / "f.h5").string(), path}; }
  InputSpec train_only() const { return {.space = Space::points, .train_points = at("x")}; }
  InputSpec both() const {
    return {.space = Space::points, .train_points = at("x"), .reference_points = at("z")};
  }
  TargetSpec values() const {
    return {.kind = TargetKind::file, .train_values = at("y"), .reference_values = at("fz")};
  }
  TargetSpec train_values() const { return {.kind = TargetKind::file, .train_values = at("y")}; }

  TemporaryFolder folder;
};

TEST_F(MakeExplicitPoints, training_points_stand_for_rho_when_nothing_else_is_given) {
  const PointSets sets = make_explicit_points(train_only(), train_values());
  const IndexList all = {0, 1, 2};

  EXPECT_EQ(sets.train->points(all), (Matrix(2, 3) << 1, 3, 5, 2, 4, 6).finished());
  EXPECT_EQ(sets.train->targets(all), (Vector(3) << -1, 0, 1).finished());
  EXPECT_EQ(sets.reference->points(all), sets.train->points(all));
  EXPECT_EQ(sets.reference->targets(all), sets.train->targets(all));
  EXPECT_EQ(sets.reference->weights(all), Vector::Constant(3, 1.0 / 3));
}

TEST_F(MakeExplicitPoints, weights_are_divided_by_their_sum) {
  InputSpec input = both();
  input.reference_weights = at("w");
  const PointSets sets = make_explicit_points(input, values());
  InputSpec on_training = train_only();
  on_training.reference_weights = at("w3");

  EXPECT_TRUE(sets.reference->weights(indices_of({0, 4}))
                  .isApprox((Vector(4) << 0.125, 0.25, 0.375, 0.25).finished(), 1e-15));
  EXPECT_EQ(sets.reference->targets(IndexList{3})[0], 3.5);
  EXPECT_EQ(sets.train->weights(IndexList{0})[0], 1.0 / 3);
  EXPECT_TRUE(make_explicit_points(on_training, train_values())
                  .reference->weights(indices_of({0, 3}))
                  .isApprox((Vector(3) << 0.25, 0.25, 0.5).finished(), 1e-15));
}

TEST_F(MakeExplicitPoints, on_a_grid_have_its_shape) {
  InputSpec input = both();
  input.train_points = at("images");
  input.reference_points = at("other_images");
  InputSpec mixed = both();
  mixed.train_points = at("images");

  const PointSets sets = make_explicit_points(input, values());

  EXPECT_EQ(sets.train->shape(), (SampleShape{{2, 3}, 2}));
  EXPECT_EQ(sets.train->dimension(), 12);
  EXPECT_EQ(sets.train->points(IndexList{1}).rows(), 12);
  EXPECT_MESSAGE(ConfigError, make_explicit_points(mixed, values()),
                 "input.reference_points have the shape 2, input.train_points 2 x 3 x 2");
}

TEST_F(MakeExplicitPoints, do_not_depend_on_the_selection) {
  const PointSets sets = make_explicit_points(both(), values());

  expect_selection_independent(*sets.train);
  expect_selection_independent(*sets.reference);
}

TEST_F(MakeExplicitPoints, are_multiplied_by_the_scale) {
  InputSpec input = both();
  input.scale = 0.5;

  EXPECT_EQ(make_explicit_points(input, values()).reference->points(IndexList{0}),
            (Matrix(2, 1) << 4, 3.5).finished());
}

TEST_F(MakeExplicitPoints, digest_follows_the_data) {
  const std::string digest = make_explicit_points(train_only(), train_values()).data_digest;
  const std::string again = make_explicit_points(train_only(), train_values()).data_digest;
  TargetSpec other = train_values();
  other.train_values = at("w3");

  EXPECT_EQ(digest.size(), 32u);
  EXPECT_EQ(digest, again);
  EXPECT_NE(digest, make_explicit_points(train_only(), other).data_digest);
}

TEST_F(MakeExplicitPoints, refuse_what_is_not_given) {
  TargetSpec stray = train_values();
  stray.reference_values = at("fz");

  EXPECT_MESSAGE(ConfigError, make_explicit_points({.space = Space::points}, values()),
                 "input.train_points is not set");
  EXPECT_MESSAGE(ConfigError, make_explicit_points(train_only(), {.kind = TargetKind::file}),
                 "target.train_values is not set");
  EXPECT_MESSAGE(ConfigError, make_explicit_points(both(), train_values()),
                 "target.reference_values is not set");
  EXPECT_MESSAGE(ConfigError, make_explicit_points(train_only(), stray),
                 "without input.reference_points");
}

TEST_F(MakeExplicitPoints, refuse_counts_and_dimensions_that_do_not_match) {
  TargetSpec wrong_values = values();
  wrong_values.train_values = at("fz");
  InputSpec wrong_weights = both();
  wrong_weights.reference_weights = at("w3");
  InputSpec wrong_dimension = both();
  wrong_dimension.reference_points = at("z3d");

  EXPECT_MESSAGE(ConfigError, make_explicit_points(both(), wrong_values), "f.h5:x has 3 points");
  EXPECT_MESSAGE(ConfigError, make_explicit_points(wrong_weights, values()),
                 "f.h5:w3 has 3 values");
  EXPECT_MESSAGE(ConfigError, make_explicit_points(wrong_dimension, values()),
                 "input.reference_points have the shape 3, input.train_points 2");
}

TEST_F(MakeExplicitPoints, refuse_weights_that_are_not_positive) {
  InputSpec zero = both();
  zero.reference_weights = at("zero");
  InputSpec negative = both();
  negative.reference_weights = at("negative");

  EXPECT_MESSAGE(ConfigError, make_explicit_points(zero, values()), "the weight at [1] is 0");
  EXPECT_MESSAGE(ConfigError, make_explicit_points(negative, values()), "the weight at [0] is -1");
}

}  // namespace
}  // namespace ntkflow
