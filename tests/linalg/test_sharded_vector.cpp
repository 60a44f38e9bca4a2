#include "ntkflow/linalg/sharded_vector.hpp"

#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// Entry i is i + 1, whatever the number of ranks.
ShardedVector counting(Index n) {
  ShardedVector v(world(), n);
  for (Index i = v.my_range().first; i < v.my_range().last; ++i)
    v.local()[i - v.my_range().first] = static_cast<double>(i + 1);
  return v;
}

// Lengths below, at and above every tested number of ranks; empty shards included.
constexpr Index lengths[] = {0, 1, 2, 5, 12, 101};

TEST(ShardedVector, starts_as_zero) {
  for (const Index n : lengths) EXPECT_EQ(ShardedVector(world(), n).gather(), Vector::Zero(n));
}

TEST(ShardedVector, gather_puts_the_shards_in_order) {
  for (const Index n : lengths) {
    const Vector whole = counting(n).gather();

    ASSERT_EQ(whole.size(), n);
    for (Index i = 0; i < n; ++i) EXPECT_EQ(whole[i], static_cast<double>(i + 1));
  }
}

TEST(ShardedVector, scatter_sum_adds_what_every_rank_gave) {
  for (const Index n : lengths) {
    const double my_factor = world().rank() + 1;
    ShardedVector v(world(), n);

    v.scatter_sum(my_factor * Vector::LinSpaced(n, 1, static_cast<double>(n)));

    const double factors = world().size() * (world().size() + 1) / 2;
    EXPECT_LE((v.gather() - factors * counting(n).gather()).norm(), 1e-12 * static_cast<double>(n));
  }
}

TEST(ShardedVector, dot_and_norm_are_those_of_the_whole_vector) {
  for (const Index n : lengths) {
    const ShardedVector a = counting(n);
    ShardedVector b = a;
    b.local().array() += 2;

    const Vector whole = a.gather();
    EXPECT_DOUBLE_EQ(dot(a, b), whole.dot(b.gather()));
    EXPECT_DOUBLE_EQ(norm(a), whole.norm());
  }
}

}  // namespace
}  // namespace ntkflow
