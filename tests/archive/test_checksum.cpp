#include "ntkflow/archive/checksum.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ntkflow {
namespace {

TEST(Checksum, of_parts_adds_up_to_that_of_the_whole) {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(0.1 * i * i);
  const std::span<const double> all = values;
  const std::uint64_t key = path_key("/a");

  for (std::size_t cut = 0; cut <= values.size(); cut += 7)
    EXPECT_EQ(sum_of_hashes(key, 5, all.first(cut)) +
                  sum_of_hashes(key, 5 + static_cast<Index>(cut), all.subspan(cut)),
              sum_of_hashes(key, 5, all));
}

TEST(Checksum, sees_a_changed_bit_a_swap_a_shift_and_another_dataset) {
  const std::vector<double> values = {1, 2, 3, 4};
  const std::uint64_t key = path_key("/a");
  const std::uint64_t sum = sum_of_hashes(key, 0, std::span<const double>(values));
  const auto of = [&](std::vector<double> changed) {
    return sum_of_hashes(key, 0, std::span<const double>(changed));
  };

  EXPECT_NE(of({1, 2, 3, std::nextafter(4.0, 5.0)}), sum);
  EXPECT_NE(of({-1, 2, 3, 4}), sum);
  EXPECT_NE(of({2, 1, 3, 4}), sum);
  EXPECT_NE(of({4, 1, 2, 3}), sum);
  EXPECT_NE(sum_of_hashes(key, 1, std::span<const double>(values)), sum);
  EXPECT_NE(sum_of_hashes(path_key("/b"), 0, std::span<const double>(values)), sum);
}

// The same numbers come out of NumPy: see tests/archive/check_archive.py.
TEST(Checksum, has_the_values_that_archives_hold) {
  EXPECT_EQ(mix(1), 0x5692161d100b05e5U);
  EXPECT_EQ(path_key(""), 0xcbf29ce484222325U);
  EXPECT_EQ(path_key("a"), 0xaf63dc4c8601ec8cU);
}

TEST(Marker, is_read_back_only_where_it_was_written_and_only_untouched) {
  const CommitUnit unit{"/_commit", 3};
  const auto words = Marker{7, 0x123456789abcdefU}.encode(unit);

  const auto read = Marker::decode(unit, words);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->index, 7);
  EXPECT_EQ(read->checksum, 0x123456789abcdefU);
  EXPECT_FALSE(Marker::decode({"/_commit", 4}, words));
  EXPECT_FALSE(Marker::decode({"/_stage/points", 3}, words));
  for (std::size_t word = 0; word < 4; ++word)
    for (int bit = 0; bit < 64; ++bit) {
      auto changed = words;
      changed[word] ^= static_cast<Index>(std::uint64_t{1} << bit);
      EXPECT_FALSE(Marker::decode(unit, changed));
    }
}

TEST(Marker, is_not_seen_in_zeros) {
  const std::array<Index, Marker::words> zeros{};
  EXPECT_FALSE(Marker::decode({"/_commit", 0}, zeros));
}

}  // namespace
}  // namespace ntkflow
