#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/blas_threads.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/parallel/communicator.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(Agree, all_ranks_throw_what_one_rank_threw) {
  const int last = world().size() - 1;

  try {
    agree(world(), [&] {
      if (world().rank() == last) throw MissingInput("no such file");
    });
    FAIL() << "did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::input_missing);
    EXPECT_STREQ(error.what(), "no such file");
  }
}

TEST(Agree, returns_each_ranks_own_result) {
  EXPECT_EQ(agree(world(), [] { return world().rank(); }), world().rank());
}

TEST(Collectives, gather_and_reduce_scatter_are_inverse_up_to_the_rank_count) {
  const Partition partition(10, world().size());
  const IndexRange mine = partition.range(world().rank());
  std::vector<double> shard, whole(10), back(static_cast<std::size_t>(mine.count()));
  for (Index i = mine.first; i < mine.last; ++i) shard.push_back(static_cast<double>(i));

  all_gather(world(), partition, shard, whole);
  reduce_scatter(world(), partition, whole, back);

  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(whole[i], static_cast<double>(i));
  for (std::size_t i = 0; i < shard.size(); ++i) EXPECT_EQ(back[i], world().size() * shard[i]);
}

TEST(Collectives, a_sum_to_one_rank_leaves_the_others_alone) {
  const int receiver = world().size() - 1;
  std::vector<double> values{1.0, static_cast<double>(world().rank())};

  sum_to_rank(world(), values, receiver);

  const int size = world().size();
  const bool receives = world().rank() == receiver;
  EXPECT_EQ(values[0], receives ? size : 1);
  EXPECT_EQ(values[1], receives ? size * (size - 1) / 2 : world().rank());
}

TEST(Collectives, texts_arrive_in_rank_order) {
  const auto texts = gather_texts(world(), std::string(3, static_cast<char>('a' + world().rank())));

  ASSERT_EQ(texts.size(), world().is_root() ? static_cast<std::size_t>(world().size()) : 0u);
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(texts[i], std::string(3, static_cast<char>('a' + i)));
}

TEST(Communicator, errors_throw_instead_of_aborting) {
  int value = 0;
  EXPECT_THROW(check_mpi(MPI_Bcast(&value, 1, MPI_INT, world().size() + 5, world().native())),
               MpiError);
}

TEST(Communicator, a_part_of_it_knows_who_shares_the_node) {
  const Communicator alone = world().split(world().rank(), 0);
  EXPECT_EQ(world().ranks_on_node(), world().split_by_node().size());
  EXPECT_EQ(alone.ranks_on_node(), world().ranks_on_node());
}

TEST(BlasThreads, says_how_many) {
  EXPECT_NE(set_blas_threads(world()).find("BLAS threads"), std::string::npos);
}

}  // namespace
}  // namespace ntkflow
