#include "ntkflow/app/sweep_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

SweepTable small_table() {
  return {{"network.width", "seed"},
          {{"w=8,seed=1", {"8", "1"}, "completed", 0, "", {{"loss_final", 3.0}, {"x_max", nan}}},
           {"w=8,seed=2", {"8", "2"}, "completed", 0, "", {{"loss_final", 1.0}, {"x_max", 2.5}}},
           {"w=9,seed=1", {"9", "1"}, "failed", 78, "it \"diverged\", badly", {}},
           {"w=9,seed=2", {"9", "2"}, "completed", 0, "", {{"loss_final", 7.0}}}}};
}

TEST(SweepTable, quantiles_are_interpolated_between_neighbours) {
  EXPECT_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_EQ(quantile({1, 2, 3, 4, 5}, 0.5), 3);
  EXPECT_NEAR(quantile({1, 2, 3, 4, 5}, 0.9), 4.6, 1e-15);
  EXPECT_EQ(quantile({7}, 0.1), 7);
  EXPECT_EQ(quantile({nan, 2, std::numeric_limits<double>::infinity()}, 0.9), 2);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

TEST(SweepTable, the_summary_is_over_completed_seeds) {
  const SweepSummary summary = summarise(small_table());

  EXPECT_EQ(summary.keys, std::vector<std::string>{"network.width"});
  ASSERT_EQ(summary.rows.size(), 2u);
  EXPECT_EQ(summary.rows[0].members, 2);
  EXPECT_EQ(summary.rows[0].numbers[0][1], 2.0);
  EXPECT_EQ(summary.rows[0].numbers[1][1], 2.5);
  EXPECT_EQ(summary.rows[1].members, 1);
  EXPECT_EQ(summary.rows[1].numbers[0][2], 7.0);
  EXPECT_TRUE(std::isnan(summary.rows[1].numbers[1][1]));
}

TEST(SweepTable, csv_quotes_what_has_commas_and_leaves_nan_empty) {
  EXPECT_EQ(csv_of(small_table()),
            "member,status,exit_code,message,path,network.width,seed,loss_final,x_max\n"
            "\"w=8,seed=1\",completed,0,,\"w=8,seed=1/run.h5\",8,1,3,\n"
            "\"w=8,seed=2\",completed,0,,\"w=8,seed=2/run.h5\",8,2,1,2.5\n"
            "\"w=9,seed=1\",failed,78,\"it \"\"diverged\"\", badly\",\"w=9,seed=1/run.h5\",9,1,,\n"
            "\"w=9,seed=2\",completed,0,,\"w=9,seed=2/run.h5\",9,2,7,\n");
  EXPECT_EQ(csv_of(summarise(small_table())).substr(0, 67),
            "network.width,members,loss_final_p10,loss_final_median,loss_final_p");
}

}  // namespace
}  // namespace ntkflow
