#include "ntkflow/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace ntkflow {
namespace {

TEST(RandomStream, is_a_function_of_seed_purpose_and_index) {
  const RandomStream a(7, RandomPurpose::test);
  const RandomStream again(7, RandomPurpose::test);
  const RandomStream other_seed(8, RandomPurpose::test);
  const RandomStream other_purpose(7, RandomPurpose::parameters);

  for (Index i : {Index{0}, Index{1}, Index{1} << 40}) {
    EXPECT_EQ(a.bits(i), again.bits(i));
    EXPECT_EQ(a.normal(i), again.normal(i));
    EXPECT_NE(a.bits(i), other_seed.bits(i));
    EXPECT_NE(a.bits(i), other_purpose.bits(i));
  }
  EXPECT_NE(a.bits(5), a.bits(5 + (Index{1} << 32)));
}

TEST(RandomStream, uniform_has_the_moments_of_the_unit_interval) {
  const RandomStream stream(1, RandomPurpose::test);
  constexpr Index n = 200000;

  double mean = 0, square = 0;
  for (Index i = 0; i < n; ++i) {
    const double u = stream.uniform(i);
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    mean += u / n;
    square += u * u / n;
  }

  EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(square, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / n));
}

TEST(RandomStream, normal_has_the_moments_of_the_gaussian) {
  const RandomStream stream(2, RandomPurpose::test);
  constexpr Index n = 200000;

  double mean = 0, square = 0, fourth = 0, neighbours = 0;
  for (Index i = 0; i < n; ++i) {
    const double z = stream.normal(i);
    mean += z / n;
    square += z * z / n;
    fourth += z * z * z * z / n;
    neighbours += z * stream.normal(i + 1) / n;
  }

  EXPECT_NEAR(mean, 0.0, 5 / std::sqrt(n));
  EXPECT_NEAR(square, 1.0, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(fourth, 3.0, 5 * std::sqrt(96.0 / n));
  EXPECT_NEAR(neighbours, 0.0, 5 / std::sqrt(n));
}

TEST(RandomChoice, draws_without_replacement_and_extends) {
  const RandomStream stream(3, RandomPurpose::permutation);

  const IndexList few = random_choice(stream, 1000, 10);
  const IndexList all = random_choice(stream, 1000, 1000);

  EXPECT_TRUE(std::equal(few.begin(), few.end(), all.begin()));
  EXPECT_EQ(std::set<Index>(all.begin(), all.end()).size(), 1000u);
  EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
  EXPECT_TRUE(random_choice(stream, 0, 0).empty());
}

}  // namespace
}  // namespace ntkflow
