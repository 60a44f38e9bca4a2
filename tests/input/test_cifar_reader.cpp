#include "ntkflow/input/cifar_reader.hpp"

#include "input/support.hpp"

#include <zlib.h>

#include <algorithm>

namespace ntkflow {
namespace {

// A record whose planes are filled with one byte each, but for the second pixel of the first row.
std::string record(char label, char red, char green, char blue) {
  std::string bytes(1, label);
  for (const char colour : {red, green, blue}) bytes += std::string(1024, colour);
  bytes[1 + 1] = 'x';
  return bytes;
}

std::string gzip(const std::string& bytes) {
  std::string packed(bytes.size() + 1000, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  deflateEnd(&stream);
  return packed.substr(0, stream.total_out);
}

LabelledImages parse(const std::string& bytes) {
  LabelledImages images{32, 32, 3, "", {}, ""};
  append_cifar_batch(bytes, "batch", images);
  return images;
}

TEST(AppendCifarBatch, makes_the_channel_fastest) {
  const LabelledImages images = parse(record(3, 'r', 'g', 'b') + record(9, '1', '2', '3'));

  EXPECT_EQ(images.labels, (std::vector<std::uint8_t>{3, 9}));
  ASSERT_EQ(images.pixels.size(), 2u * 3072);
  const auto first = images.image(0);
  EXPECT_EQ(std::string(first.begin(), first.begin() + 9), "rgbxgbrgb");
  EXPECT_EQ(images.image(1)[3071], '3');
}

TEST(AppendCifarBatch, refuses_what_is_no_whole_number_of_records) {
  const std::string good = record(0, 'a', 'b', 'c');

  EXPECT_MESSAGE(ConfigError, parse(""), "found 0 bytes");
  EXPECT_MESSAGE(ConfigError, parse(good.substr(0, 3072)), "0 records and 3072 bytes");
  EXPECT_MESSAGE(ConfigError, parse(good + "x"), "batch: expected records of 3073 bytes");
  EXPECT_MESSAGE(ConfigError, parse(good + record(10, 'a', 'b', 'c')),
                 "record 1 (from 0) has the label 10, expected 0 to 9");
  EXPECT_MESSAGE(ConfigError, parse(record('\xff', 'a', 'b', 'c')), "the label 255");
}

TEST(ReadCifar10, joins_the_batches_of_a_split_in_order) {
  const TemporaryFolder folder;
  write_bytes(folder / "data_batch_10.bin", record(7, 'a', 'b', 'c'));
  write_bytes(folder / "data_batch_2.part.bin.gz",
              gzip(record(2, 'a', 'b', 'c') + record(3, 'a', 'b', 'c')));
  write_bytes(folder / "data_batch_1.bin", record(1, 'a', 'b', 'c'));
  write_bytes(folder / "test_batch.part.bin.gz", gzip(record(9, 'a', 'b', 'c')));
  write_bytes(folder / "batches.meta.txt", "airplane");

  const LabelledImages train = read_cifar10(folder.path(), Split::train);
  const LabelledImages test = read_cifar10(folder.path(), Split::test);

  EXPECT_EQ(train.labels, (std::vector<std::uint8_t>{1, 2, 3, 7}));
  EXPECT_EQ(test.labels, (std::vector<std::uint8_t>{9}));
  EXPECT_EQ(train.height, 32);
  EXPECT_EQ(train.channels, 3);
  EXPECT_EQ(train.digest.size(), 32u);
  EXPECT_NE(train.digest, test.digest);
}

TEST(ReadCifar10, prefers_the_plain_twin_and_refuses_other_doubles) {
  const TemporaryFolder folder;
  write_bytes(folder / "test_batch.bin", record(1, 'a', 'b', 'c'));
  write_bytes(folder / "test_batch.bin.gz", gzip(record(2, 'a', 'b', 'c')));

  EXPECT_EQ(read_cifar10(folder.path(), Split::test).labels, (std::vector<std::uint8_t>{1}));
  write_bytes(folder / "test_batch.part.bin", record(1, 'a', 'b', 'c'));
  EXPECT_MESSAGE(ConfigError, read_cifar10(folder.path(), Split::test), "are the same batch");
}

TEST(ReadCifar10, names_what_is_missing_or_damaged) {
  const TemporaryFolder folder;
  const std::string packed = gzip(record(5, 'a', 'b', 'c'));
  write_bytes(folder / "test_batch.bin.gz", packed.substr(0, packed.size() / 2));

  EXPECT_MESSAGE(MissingInput, read_cifar10(folder / "nowhere", Split::train), "no such folder");
  EXPECT_MESSAGE(MissingInput, read_cifar10(folder.path(), Split::train),
                 "holds no data_batch_N.bin; set the folder of CIFAR-10's binary batches");
  EXPECT_MESSAGE(ConfigError, read_cifar10(folder.path(), Split::test),
                 "test_batch.bin.gz: the gzip data stop");
}

}  // namespace
}  // namespace ntkflow
