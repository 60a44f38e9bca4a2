#include "ntkflow/config/number_types.hpp"
#include "ntkflow/config/text_types.hpp"
#include "ntkflow/config/value_text.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

template <typename T>
std::string refusal(const ValueType<T>& type, std::string_view text) {
  try {
    type.parse(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

template <typename T>
void expect_refused(const ValueType<T>& type, std::initializer_list<const char*> texts) {
  for (const char* text : texts) EXPECT_EQ(refusal(type, text), "need " + type.needed) << text;
}

TEST(ValueTypes, counts_are_whole_positive_and_bounded) {
  EXPECT_EQ(count().parse("2147483647"), most_count);
  EXPECT_EQ(count().print(0), "");
  EXPECT_EQ(refusal(count(), "2147483648"), "need an integer <= 2147483647");
  EXPECT_EQ(refusal(count(10), "11"), "need an integer <= 10");
  expect_refused(count(),
                 {"0", "-1", "1.5", "1e3", "", "3x", "0x10", "nan", "99999999999999999999"});
}

TEST(ValueTypes, seeds_take_63_bits) {
  EXPECT_EQ(seed_number().print(seed_number().parse("9223372036854775807")), "9223372036854775807");
  EXPECT_EQ(seed_number().parse("0"), 0U);
  expect_refused(seed_number(), {"-1", "9223372036854775808", "1.0", ""});
}

TEST(ValueTypes, numbers_are_finite_and_in_range) {
  EXPECT_EQ(positive_number().parse("1e-3"), 1e-3);
  EXPECT_EQ(number_from_zero().parse("0"), 0);
  expect_refused(positive_number(),
                 {"0", "-1", "nan", "inf", "-inf", "1e999", "1e-999", "", "1 2", "1,"});
  expect_refused(number_from_zero(), {"-1e-300", "nan", "infinity", "x"});
}

TEST(ValueTypes, doubles_print_to_the_same_bits) {
  for (const double value :
       {0.1, 1.0 / 3, 1e300, 5e-324, 2.2250738585072014e-308, 123456789012345678.0})
    EXPECT_EQ(positive_number().parse(positive_number().print(value)), value);
}

TEST(ValueTypes, lists_are_separated_by_commas) {
  EXPECT_EQ(integers({0, 256}).parse("0,255 , 3"), (IndexList{0, 255, 3}));
  EXPECT_EQ(numbers().parse("-1.5"), std::vector<double>{-1.5});
  EXPECT_EQ(numbers().print({0.1, 2}), "0.1, 2");
  EXPECT_EQ(numbers().print({}), "");
  expect_refused(integers({0, 256}), {"256", "-1", "1,,2", "1,", ",1", "1 2", "1.5"});
  expect_refused(numbers(), {"1,x", "1;2", "nan", "1,inf"});
  expect_refused(positive_numbers(), {"1,0", "-1"});
}

TEST(ValueTypes, lists_hold_at_most_1000_values) {
  std::string most = "1";
  for (int i = 1; i < 1000; ++i) most += ",1";

  EXPECT_EQ(numbers().parse(most).size(), 1000U);
  EXPECT_EQ(refusal(numbers(), most + ",1"), "need at most 1000 values");
}

TEST(ValueTypes, ordered_lists_increase_strictly) {
  EXPECT_EQ(increasing_times().parse("0, 0.5, 2").size(), 3U);
  expect_refused(increasing_numbers(), {"1, 1", "2, 1"});
  expect_refused(increasing_times(), {"-1, 2", "1, 1", "0"});
}

TEST(ValueTypes, times_are_absolute_or_count_in_eigenvalues) {
  EXPECT_EQ(flow_time().parse("2.5"), (TimeSpec{2.5, 0}));
  EXPECT_EQ(flow_time().parse("10/sigma[20]"), (TimeSpec{10, 20}));
  EXPECT_EQ(flow_time().parse(" 1e-2 /sigma[ 1 ]"), (TimeSpec{0.01, 1}));
  EXPECT_EQ(flow_time().print({0.1, 3}), "0.1/sigma[3]");
  expect_refused(flow_time(),
                 {"", "0", "-1", "nan", "10/sigma", "10/sigma[0]", "10/sigma[-1]", "10/sigma[1.5]",
                  "10/sigma[1]x", "/sigma[1]", "10/lambda[1]", "inf/sigma[1]",
                  "10/sigma[99999999999]", "0/sigma[1]", "10*sigma[1]"});
}

TEST(ValueTypes, words_are_known_or_the_nearest_is_named) {
  const auto space = one_of<Space>({{"circle", Space::circle}, {"points", Space::points}});

  EXPECT_EQ(space.parse("points"), Space::points);
  EXPECT_EQ(space.print(Space::circle), "circle");
  EXPECT_EQ(refusal(space, "circel"), "need circle or points (did you mean 'circle'?)");
  EXPECT_EQ(refusal(yes_no(), "true"), "need yes or no");
  EXPECT_EQ(yes_no().print(yes_no().parse("no")), "no");
}

TEST(ValueTypes, datasets_are_a_file_and_a_path_in_it) {
  const DatasetPath dataset = dataset_path().parse("/data/../a:b.h5:/group/x");

  EXPECT_EQ(dataset.file, "/a:b.h5");
  EXPECT_EQ(dataset.path, "/group/x");
  EXPECT_EQ(dataset_path().print(dataset), "/a:b.h5:/group/x");
  EXPECT_EQ(dataset_path().print({}), "");
  expect_refused(dataset_path(), {"f.h5", "f.h5:", "f.h5:x", "f.h5:/", ":/x", "dir/:/x", ""});
}

TEST(ValueTypes, folders_lose_dots_and_a_slash_at_the_end) {
  EXPECT_EQ(input_folder().parse("/a/./b/../mnist/"), "/a/mnist");
  EXPECT_EQ(input_folder().parse("/"), "/");
  EXPECT_EQ(refusal(input_folder(), std::string(4097, 'x')), "need a path of at most 4096 bytes");
  EXPECT_EQ(refusal(input_folder(), "/a /"), "need a path without blanks at its ends");
  expect_refused(output_file(), {"folder/"});
}

TEST(ValueTypes, a_value_is_one_line_of_text_without_a_hash) {
  const auto message = [](std::string_view text) -> std::string {
    try {
      check_value_text(text);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "accepted";
  };

  EXPECT_EQ(message("fc:4,\tfc:5"), "accepted");
  EXPECT_EQ(message("run#3"), "need a value without '#', which begins a comment");
  EXPECT_EQ(message("a "), "need a value without blanks at its ends");
  EXPECT_EQ(message("a\nb"), "need one line of UTF-8 text without control characters");
  EXPECT_EQ(message(std::string(32 * 1024 + 1, 'x')), "need at most 32768 bytes");
}

TEST(ValueTypes, messages_show_a_short_printable_line) {
  EXPECT_EQ(shown("a\x1b[0m\n"), "a?[0m?");
  EXPECT_EQ(shown(""), "(nothing)");
  EXPECT_EQ(shown(std::string(101, 'x')), std::string(100, 'x') + "...");
}

}  // namespace
}  // namespace ntkflow
