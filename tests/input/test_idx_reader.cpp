#include "ntkflow/input/idx_reader.hpp"

#include "input/support.hpp"

namespace ntkflow {
namespace {

std::string header(unsigned char rank, const std::vector<std::uint32_t>& extents) {
  std::string bytes = {0, 0, 8, static_cast<char>(rank)};
  for (const std::uint32_t extent : extents)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>((extent >> shift) & 0xff);
  return bytes;
}

TEST(ParseIdx, reads_shape_and_values) {
  const IdxArray array = parse_idx(header(3, {2, 1, 3}) + "abcdef", "x");

  EXPECT_EQ(array.shape, (std::vector<Index>{2, 1, 3}));
  EXPECT_EQ(array.values, "abcdef");
}

TEST(ParseIdx, reads_one_to_four_extents_and_empty_arrays) {
  EXPECT_EQ(parse_idx(header(1, {300}) + std::string(300, 'a'), "x").shape,
            std::vector<Index>{300});
  EXPECT_EQ(parse_idx(header(4, {1, 2, 1, 1}) + "ab", "x").values, "ab");
  EXPECT_EQ(parse_idx(header(2, {0, 7}), "x").values, "");
}

TEST(ParseIdx, refuses_too_few_and_too_many_bytes_with_both_sizes) {
  EXPECT_MESSAGE(
      ConfigError, parse_idx(header(2, {2, 3}) + "abcde", "f.idx"),
      "f.idx: the shape 2 x 3 needs 6 bytes after the header, found 5: the file is truncated");
  EXPECT_MESSAGE(
      ConfigError, parse_idx(header(2, {2, 3}) + "abcdefg", "f.idx"),
      "f.idx: the shape 2 x 3 needs 6 bytes after the header, found 7: the file is longer");
}

TEST(ParseIdx, refuses_every_truncation) {
  const std::string whole = header(3, {2, 2, 2}) + "abcdefgh";

  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(parse_idx(whole.substr(0, length), "x"), ConfigError) << length;
}

TEST(ParseIdx, refuses_another_magic_number_or_type) {
  std::string other = header(1, {1}) + "a";
  other[0] = 1;
  std::string floats = header(1, {1}) + "abcd";
  floats[2] = 0x0d;

  EXPECT_MESSAGE(ConfigError, parse_idx(other, "x"), "found 01 00 08");
  EXPECT_MESSAGE(ConfigError, parse_idx(floats, "x"), "found 00 00 0d");
  EXPECT_MESSAGE(ConfigError, parse_idx("<html>not found</html>", "x"),
                 "expected the IDX magic number");
}

TEST(ParseIdx, refuses_no_extents_and_more_than_four) {
  EXPECT_MESSAGE(ConfigError, parse_idx(header(0, {}) + "a", "x"),
                 "expected 1 to 4 extents, found 0");
  EXPECT_MESSAGE(ConfigError, parse_idx(header(5, {1, 1, 1, 1, 1}) + "a", "x"), "found 5");
  EXPECT_MESSAGE(ConfigError, parse_idx(header(255, {}) + "a", "x"), "found 255");
}

TEST(ParseIdx, refuses_a_product_beyond_64_bits) {
  // 2^32 - 1 to the fourth; and 2^64, which would wrap to an empty array.
  const std::uint32_t most = 0xffffffff;

  EXPECT_MESSAGE(ConfigError, parse_idx(header(4, {most, most, most, most}), "x"),
                 "more than 2^63");
  EXPECT_MESSAGE(ConfigError, parse_idx(header(4, {1u << 31, 1u << 31, 4, 1}), "x"),
                 "more than 2^63");
}

}  // namespace
}  // namespace ntkflow
