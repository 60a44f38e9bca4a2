#include "ntkflow/parallel/partition.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(Partition, ranges_cover_every_index_once_in_order) {
  for (Index n = 0; n <= 20; ++n)
    for (int ranks = 1; ranks <= 7; ++ranks) {
      const Partition partition(n, ranks);
      Index next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const IndexRange range = partition.range(rank);
        EXPECT_EQ(range.first, next);
        EXPECT_LE(range.count(), partition.block());
        for (Index i = range.first; i < range.last; ++i) EXPECT_EQ(partition.owner(i), rank);
        next = range.last;
      }
      EXPECT_EQ(next, n);
    }
}

}  // namespace
}  // namespace ntkflow
