#include "ntkflow/input/circle_points.hpp"

#include "input/support.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;

PointSets make(InputSpec input, TargetSpec target, ReferenceRule rule = ReferenceRule::quadrature) {
  return make_circle_points(input, target, {.points = 101, .rule = rule}, {.samples = 57}, 9);
}

InputSpec piecewise() {
  return {.density = Density::piecewise, .edges = {-2, 0, 1}, .weights = {1, 2, 4}, .scale = 1.5};
}

// The exact distribution function from -pi, by adding up arcs and their images one period away.
double cumulative(const CircleDensity& density, double angle) {
  double mass = 0;
  for (const auto& arc : density.arcs())
    for (const double shift : {-2 * pi, 0.0, 2 * pi}) {
      const double from = std::max(arc.first + shift, -pi);
      const double to = std::min({arc.end() + shift, angle, pi});
      mass += arc.density * std::max(0.0, to - from);
    }
  return mass;
}

TEST(CosineSum, adds_weighted_cosines) {
  const CosineSum sum{{0, 1, 3}, {0.5, 2, -1}, {0, 0, pi / 2}};

  EXPECT_NEAR(sum(0.7), 0.5 + 2 * std::cos(0.7) + std::sin(2.1), 1e-15);
}

TEST(CirclePoints, are_scaled_unit_vectors_with_the_targets_of_their_angles) {
  const PointSets sets = make(piecewise(), {.frequencies = {1, 4}, .amplitudes = {2, -0.5}});

  for (const auto& set : {sets.reference, sets.train}) {
    const auto& circle = dynamic_cast<const CirclePoints&>(*set);
    const IndexList all = indices_of({0, set->count()});
    const Matrix points = set->points(all);
    const Vector targets = set->targets(all);
    ASSERT_EQ(points.rows(), 2);
    for (const Index i : all) {
      const double a = std::atan2(points(1, i), points(0, i));
      EXPECT_NEAR(points.col(i).norm(), 1.5, 1e-15);
      EXPECT_NEAR(a, circle.angle(i), 1e-15 * 4);
      EXPECT_NEAR(targets[i], 2 * std::cos(a) - 0.5 * std::cos(4 * a), 1e-14);
    }
    EXPECT_NEAR(set->weights(all).sum(), 1, 1e-14);
  }
  EXPECT_EQ(sets.reference->count(), 101);
  EXPECT_EQ(sets.train->count(), 57);
  EXPECT_TRUE(sets.data_digest.empty());
}

TEST(CirclePoints, do_not_depend_on_the_selection) {
  for (const ReferenceRule rule : {ReferenceRule::quadrature, ReferenceRule::sample}) {
    const PointSets sets = make(piecewise(), {.frequencies = {1, 2, 3}}, rule);
    expect_selection_independent(*sets.reference);
    expect_selection_independent(*sets.train);
  }
}

TEST(CirclePoints, amplitudes_are_one_unless_given) {
  const PointSets given = make({}, {.frequencies = {2, 5}, .amplitudes = {1, 1}});
  const PointSets implied = make({}, {.frequencies = {2, 5}});

  const IndexList all = indices_of({0, 57});
  EXPECT_EQ(given.train->targets(all), implied.train->targets(all));
}

TEST(CirclePoints, phases_turn_cosines_into_sines) {
  const PointSets sines = make({}, {.frequencies = {3}, .phases = {-pi / 2}});
  const auto& circle = dynamic_cast<const CirclePoints&>(*sines.train);

  for (Index i = 0; i < circle.count(); ++i)
    EXPECT_NEAR(circle.targets(IndexList{i})[0], std::sin(3 * circle.angle(i)), 1e-14);
}

TEST(CirclePoints, without_a_target_have_the_value_0) {
  EXPECT_EQ(make({}, {.kind = TargetKind::none}).train->targets(indices_of({0, 57})),
            Vector::Zero(57));
}

TEST(CirclePoints, know_the_arc_they_lie_on) {
  const PointSets sets = make(piecewise(), {.frequencies = {1}});
  const auto& circle = dynamic_cast<const CirclePoints&>(*sets.train);
  const IndexList regions = circle.regions(indices_of({0, circle.count()}));

  for (Index i = 0; i < circle.count(); ++i) {
    const double a = circle.angle(i);
    const Index expected = -2 <= a && a < 0 ? 0 : 0 <= a && a < 1 ? 1 : 2;
    EXPECT_EQ(regions[static_cast<std::size_t>(i)], expected) << a;
  }
}

TEST(CirclePoints, training_and_reference_samples_are_independent_and_fixed_by_the_seed) {
  const auto angles_with = [](std::uint64_t seed, bool train) {
    const PointSets sets =
        make_circle_points({}, {.frequencies = {1}}, {.points = 10, .rule = ReferenceRule::sample},
                           {.samples = 10}, seed);
    const PointSet& set = train ? *sets.train : *sets.reference;
    return set.points(indices_of({0, 10}));
  };

  EXPECT_EQ(angles_with(1, true), angles_with(1, true));
  EXPECT_NE(angles_with(1, true), angles_with(2, true));
  EXPECT_NE(angles_with(1, true), angles_with(1, false));
}

TEST(CircleSample, follows_the_distribution_function) {
  constexpr Index n = 20000;
  for (const CircleDensity& density :
       {CircleDensity::uniform(), CircleDensity::piecewise({-pi, 0}, {1, 2}),
        CircleDensity::piecewise({-pi, -pi / 3, pi / 3}, {1, 2, 4}),
        CircleDensity::piecewise({0.3, 0.35, 2.0, 5.1}, {1, 20, 3, 0.5})}) {
    const CircleSample sample(density, {11, RandomPurpose::test}, n, {}, 1.0);
    std::vector<double> angles;
    for (Index i = 0; i < n; ++i) angles.push_back(sample.angle(i));
    std::sort(angles.begin(), angles.end());

    double distance = 0;
    for (Index i = 0; i < n; ++i) {
      const double mass = cumulative(density, angles[static_cast<std::size_t>(i)]);
      distance = std::max({distance, std::abs(mass - static_cast<double>(i) / n),
                           std::abs(mass - static_cast<double>(i + 1) / n)});
    }

    // Kolmogorov-Smirnov: exceeded by chance with probability 1e-3.
    EXPECT_LT(distance, 1.95 / std::sqrt(n));
    EXPECT_EQ(sample.weights(indices_of({0, n})), Vector::Constant(n, 1.0 / n));
  }
}

TEST(CircleSample, a_longer_one_begins_with_the_shorter_one) {
  const auto sample = [](Index n) {
    return CircleSample(CircleDensity::uniform(), {5, RandomPurpose::test}, n, {}, 1.0);
  };

  const IndexList first = indices_of({0, 10});
  EXPECT_EQ(sample(10).points(first), sample(100).points(first));
}

// Training samples are distributed: nothing is made of those that nobody asks for.
TEST(CircleSample, of_any_size_takes_no_memory) {
  constexpr Index n = Index{1} << 60;
  const CircleSample sample(CircleDensity::uniform(), {5, RandomPurpose::test}, n, {}, 1.0);

  EXPECT_EQ(sample.count(), n);
  EXPECT_TRUE(sample.points(IndexList{n - 1}).allFinite());
}

TEST(CirclePoints, refuse_a_target_that_is_no_sum_of_cosines) {
  EXPECT_MESSAGE(ConfigError, make({}, {}), "target.frequencies is empty");
  EXPECT_MESSAGE(ConfigError, make({}, {.frequencies = {-1}}), "target.frequencies has -1");
  EXPECT_MESSAGE(ConfigError, make({}, {.frequencies = {1, 2}, .amplitudes = {1}}),
                 "target.amplitudes has 1 values and target.frequencies 2");
  EXPECT_MESSAGE(ConfigError, make({}, {.frequencies = {1, 2}, .phases = {1}}),
                 "target.phases has 1 values and target.frequencies 2");
  EXPECT_MESSAGE(ConfigError, make({}, {.frequencies = {1}, .amplitudes = {1 / 0.0}}),
                 "target.amplitudes has inf");
}

}  // namespace
}  // namespace ntkflow
