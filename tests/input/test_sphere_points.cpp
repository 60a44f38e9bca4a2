#include "ntkflow/input/sphere_points.hpp"

#include "input/support.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace ntkflow {
namespace {

PointSets make(InputSpec input, TargetSpec target = {.degrees = {2}},
               ReferenceRule rule = ReferenceRule::sample, Index points = 60) {
  input.space = Space::sphere;
  target.kind = TargetKind::harmonics;
  return make_sphere_points(input, target, {.points = points, .rule = rule}, {.samples = 40}, 3);
}

// Kolmogorov's distance of n numbers from a distribution function; below 1.95 / sqrt(n) in all but
// 1 of 1,000 samples, and the seeds are fixed.
double distance(std::vector<double> values, const std::function<double(double)>& distribution) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double worst = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    worst = std::max(worst, std::abs(distribution(values[i]) - (static_cast<double>(i) + 0.5) / n));
  return worst;
}

TEST(SampleDirection, heights_follow_the_density) {
  constexpr Index n = 4000;
  for (const double ratio : {1.0, 3.0}) {
    // On S^2 the height is uniform on each half.
    const double below = 1 / (1 + ratio);
    const auto distribution = [&](double z) {
      return z < 0 ? below * (1 + z) : below + (1 - below) * z;
    };
    for (const Index coordinate : {0, 2}) {
      std::vector<double> values;
      for (Index i = 0; i < n; ++i)
        values.push_back(sample_direction({3, ratio}, {11, RandomPurpose::test}, i)[coordinate]);
      if (coordinate == 2)
        EXPECT_LT(distance(values, distribution), 1.95 / std::sqrt(n)) << ratio;
      else
        EXPECT_LT(distance(values, [](double x) { return (1 + x) / 2; }), 1.95 / std::sqrt(n));
    }
  }
}

TEST(SampleDirection, on_the_circle_has_uniform_angles_and_in_high_dimension_small_coordinates) {
  constexpr Index n = 2000;
  std::vector<double> angles;
  double squares = 0;
  for (Index i = 0; i < n; ++i) {
    const Vector u = sample_direction({2, {}}, {4, RandomPurpose::test}, i);
    angles.push_back(std::atan2(u[1], u[0]));
    const Vector v = sample_direction({50, {}}, {4, RandomPurpose::test}, i);
    EXPECT_NEAR(v.norm(), 1, 1e-14);
    squares += v[49] * v[49] / n;
  }

  EXPECT_LT(distance(angles, [](double a) { return (a / std::numbers::pi + 1) / 2; }),
            1.95 / std::sqrt(n));
  // A coordinate's square has mean 1/d and relative deviation about sqrt(2).
  EXPECT_NEAR(squares, 1.0 / 50, 4 * std::sqrt(2.0 / n) / 50);
}

TEST(SpherePoints, are_scaled_unit_vectors_with_their_harmonics) {
  for (const Index d : {2, 3, 5}) {
    const PointSets sets = make({.sphere_dimension = d, .scale = 1.5}, {.degrees = {1}});
    const IndexList all = indices_of({0, 40});
    const Matrix points = sets.train->points(all);
    const Vector targets = sets.train->targets(all);
    ASSERT_EQ(points.rows(), d);
    EXPECT_EQ(sets.train->shape(), SampleShape::vector(d));
    for (const Index i : all) {
      EXPECT_NEAR(points.col(i).norm(), 1.5, 1e-14);
      EXPECT_NEAR(targets[i], std::sqrt(d) * points(d - 1, i) / 1.5, 1e-14);
    }
  }
}

TEST(SpherePoints, do_not_depend_on_the_selection) {
  const InputSpec halves = {.density = Density::hemispheres};
  for (const ReferenceRule rule : {ReferenceRule::sample, ReferenceRule::quadrature}) {
    const PointSets sets = make(halves, {.degrees = {3, 2}, .orders = {2, 0}}, rule);
    expect_selection_independent(*sets.reference);
    expect_selection_independent(*sets.train);
  }
}

TEST(SpherePoints, know_their_hemisphere) {
  for (const Index d : {2, 3}) {
    const PointSets sets = make({.density = Density::hemispheres, .sphere_dimension = d},
                                {.degrees = {1}}, ReferenceRule::quadrature);
    const PointSet& set = *sets.reference;
    const IndexList all = indices_of({0, set.count()});
    const Matrix points = set.points(all);
    const Vector weights = set.weights(all);
    const IndexList regions = set.regions(all);
    double above = 0;
    for (const Index i : all) {
      EXPECT_EQ(regions[static_cast<std::size_t>(i)], points(d - 1, i) >= 0 ? 1 : 0);
      if (points(d - 1, i) >= 0) above += weights[i];
    }
    EXPECT_NEAR(above, 2.0 / 3, 1e-14);
    EXPECT_NEAR(weights.sum(), 1, 1e-14);
  }
  EXPECT_EQ(make({}).train->regions(IndexList{0, 1}), (IndexList{0, 0}));
}

TEST(SpherePoints, of_the_plane_have_exactly_n_nodes_and_of_space_at_most_n) {
  const auto count = [](Index d) {
    return make({.sphere_dimension = d}, {.degrees = {1}}, ReferenceRule::quadrature, 101)
        .reference->count();
  };

  EXPECT_EQ(count(2), 101);
  EXPECT_EQ(count(3), 98);
}

TEST(SpherePoints, samples_are_independent_and_fixed_by_the_seed) {
  const PointSets sets = make({}), again = make({});

  const IndexList some = indices_of({0, 40});
  EXPECT_EQ(sets.train->points(some), again.train->points(some));
  EXPECT_NE(sets.train->points(some), sets.reference->points(some));
}

TEST(SpherePoints, refuse_what_the_sphere_does_not_have) {
  EXPECT_MESSAGE(ConfigError, make({.sphere_dimension = 1}), "input.dimension = 1, need >= 2");
  EXPECT_MESSAGE(ConfigError, make({.density = Density::fourier}), "uniform and hemispheres");
  EXPECT_MESSAGE(ConfigError, make({.density = Density::hemispheres, .ratio = 0}),
                 "input.ratio = 0");
  EXPECT_MESSAGE(ConfigError,
                 make({.sphere_dimension = 4}, {.degrees = {1}}, ReferenceRule::quadrature),
                 "there is none for input.dimension = 4");
  EXPECT_MESSAGE(ConfigError, make({}, {}), "target.degrees is empty");
  EXPECT_MESSAGE(ConfigError, make({}, {.degrees = {2}, .orders = {3}}), "need -degree to degree");
  EXPECT_MESSAGE(ConfigError, make({.sphere_dimension = 4}, {.degrees = {2}, .orders = {1}}),
                 "only the zonal harmonics");
  EXPECT_MESSAGE(ConfigError, make({}, {.degrees = {2, 3}, .orders = {0}}),
                 "target.orders has 1 values and target.degrees 2");
  EXPECT_MESSAGE(ConfigError, make({}, {.degrees = {2}, .amplitudes = {1, 2}}),
                 "target.amplitudes has 2 values");
  EXPECT_MESSAGE(ConfigError, make({.sphere_dimension = 900000}, {.degrees = {900}}),
                 "cannot be counted");
}

}  // namespace
}  // namespace ntkflow
