#include "ntkflow/linalg/block_cyclic_layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>

extern "C" int numroc_(const int* n, const int* block, const int* process, const int* source,
                       const int* processes);

namespace ntkflow {
namespace {

template <typename Check>
void for_all_small_dimensions(Check&& check) {
  for (Index n = 0; n <= 40; ++n)
    for (const Index block : {1, 2, 3, 5, 8, 64})
      for (int processes = 1; processes <= 7; ++processes)
        check(CyclicDimension(n, block, processes));
}

TEST(CyclicDimension, local_extents_are_scalapacks) {
  for_all_small_dimensions([](const CyclicDimension& dim) {
    const int n = static_cast<int>(dim.count()), block = static_cast<int>(dim.block());
    const int processes = dim.processes(), source = 0;
    for (int process = 0; process < processes; ++process)
      EXPECT_EQ(dim.local_extent(process), numroc_(&n, &block, &process, &source, &processes))
          << n << ' ' << block << ' ' << process << ' ' << processes;
  });
}

TEST(CyclicDimension, every_index_has_one_place_and_back) {
  for_all_small_dimensions([](const CyclicDimension& dim) {
    Index places = 0;
    for (int process = 0; process < dim.processes(); ++process) places += dim.local_extent(process);
    EXPECT_EQ(places, dim.count());
    for (Index i = 0; i < dim.count(); ++i) {
      const int owner = dim.owner(i);
      EXPECT_EQ(owner, static_cast<int>((i / dim.block()) % dim.processes()));
      EXPECT_LT(dim.to_local(i), dim.local_extent(owner));
      EXPECT_EQ(dim.to_global(dim.to_local(i), owner), i);
    }
  });
}

TEST(CyclicDimension, globals_ascend_in_local_order) {
  for_all_small_dimensions([](const CyclicDimension& dim) {
    for (int process = 0; process < dim.processes(); ++process) {
      const IndexList globals = dim.globals(process);
      ASSERT_EQ(count_of(globals), dim.local_extent(process));
      EXPECT_TRUE(std::is_sorted(globals.begin(), globals.end()));
      for (std::size_t local = 0; local < globals.size(); ++local) {
        EXPECT_EQ(dim.owner(globals[local]), process);
        EXPECT_EQ(dim.to_local(globals[local]), static_cast<Index>(local));
      }
    }
  });
}

TEST(CyclicDimension, matches_the_picture_in_its_header) {
  const CyclicDimension dim(10, 2, 3);

  EXPECT_EQ(dim.globals(0), (IndexList{0, 1, 6, 7}));
  EXPECT_EQ(dim.globals(1), (IndexList{2, 3, 8, 9}));
  EXPECT_EQ(dim.globals(2), (IndexList{4, 5}));
}

TEST(CyclicDimension, a_rank_outside_the_grid_owns_nothing) {
  EXPECT_EQ(CyclicDimension(10, 2, 3).local_extent(-1), 0);
  EXPECT_TRUE(CyclicDimension(10, 2, 3).globals(-1).empty());
}

TEST(CyclicDimension, indices_beyond_32_bits_keep_their_place) {
  const CyclicDimension dim(Index{1} << 40, 64, 7);
  const Index last = dim.count() - 1;

  EXPECT_EQ(dim.to_global(dim.to_local(last), dim.owner(last)), last);
}

TEST(BlockCyclicLayout, square_deals_rows_and_columns_alike) {
  const BlockCyclicLayout layout = BlockCyclicLayout::square(100, {2, 3}, 16);

  EXPECT_EQ(layout.rows.globals(1), CyclicDimension(100, 16, 2).globals(1));
  EXPECT_EQ(layout.columns.globals(2), CyclicDimension(100, 16, 3).globals(2));
}

TEST(BlockCyclicLayout, blocks_are_small_enough_to_give_every_process_its_share_of_a_triangle) {
  EXPECT_EQ(BlockCyclicLayout::default_block(100'000, {2, 3}), 64);
  EXPECT_EQ(BlockCyclicLayout::default_block(1000, {1, 2}), 32);
  EXPECT_EQ(BlockCyclicLayout::default_block(200, {1, 2}), 8);
  EXPECT_EQ(BlockCyclicLayout::default_block(0, {4, 4}), 8);
  EXPECT_EQ(BlockCyclicLayout::square(1000, {1, 2}).columns.block(), 32);
}

}  // namespace
}  // namespace ntkflow
