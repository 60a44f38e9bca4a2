#include "ntkflow/base/text.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

TEST(Text, split_trims_and_keeps_empty_fields) {
  EXPECT_EQ(split(" a , b,c ", ','), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("a,", ','), (std::vector<std::string>{"a", ""}));
  EXPECT_TRUE(split("  ", ',').empty());
}

TEST(Text, numbers_are_whole_and_finite_or_nothing) {
  EXPECT_EQ(parse_double("1e-3"), 1e-3);
  EXPECT_EQ(parse_double(" +2 "), 2.0);
  for (const char* bad : {"", "1x", "nan", "inf", "-inf", "1e999", "0x10", "1,5"})
    EXPECT_FALSE(parse_double(bad)) << bad;
  EXPECT_EQ(parse_integer("-1"), -1);
  for (const char* bad : {"", "1.5", "1e3", "99999999999999999999"})
    EXPECT_FALSE(parse_integer(bad)) << bad;
}

TEST(Text, nearest_finds_misspellings_only) {
  const std::vector<std::string> keys = {"training.samples", "flow.tolerance", "seed"};

  EXPECT_EQ(nearest("training.sample", keys), "training.samples");
  EXPECT_EQ(nearest("flow.tolerence", keys), "flow.tolerance");
  EXPECT_FALSE(nearest("zzzzzz", keys));
  EXPECT_EQ(did_you_mean("sed", keys), " (did you mean 'seed'?)");
}

}  // namespace
}  // namespace ntkflow
