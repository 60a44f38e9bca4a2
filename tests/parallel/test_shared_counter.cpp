#include "ntkflow/parallel/shared_counter.hpp"

#include "ntkflow/parallel/collectives.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(SharedCounter, every_number_goes_to_one_rank) {
  constexpr Index total = 500;
  SharedCounter counter(world());
  std::vector<double> taken(total, 0.0);

  for (Index number = counter.next(); number < total; number = counter.next())
    taken[static_cast<std::size_t>(number)] += 1;

  sum_over_ranks(world(), taken);
  EXPECT_EQ(taken, std::vector<double>(total, 1.0));
}

TEST(SharedCounter, one_rank_does_not_need_the_others) {
  SharedCounter counter(world());

  const bool last = world().rank() == world().size() - 1;
  if (last)
    for (Index number = 0; number < 3; ++number) EXPECT_EQ(counter.next(), number);
}

}  // namespace
}  // namespace ntkflow
