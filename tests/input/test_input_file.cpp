#include "ntkflow/input/input_file.hpp"

#include "input/support.hpp"

#include <zlib.h>

namespace ntkflow {
namespace {

std::string gzip(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, content.size()) + 64, '\0');
  std::string source = content;
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string some_content() {
  std::string content;
  for (unsigned i = 0; i < 200000; ++i) content += static_cast<char>((i * i) >> 5);
  return content;
}

TEST(Gunzip, restores_the_content) {
  for (const std::string& content : {std::string(), std::string("x"), some_content()})
    EXPECT_EQ(gunzip(gzip(content), "x.gz"), content);
}

TEST(Gunzip, refuses_data_truncated_anywhere) {
  const std::string packed = gzip(std::string(1000, 'a') + "bcd");

  for (std::size_t length = 0; length < packed.size(); ++length)
    EXPECT_MESSAGE(ConfigError, gunzip(packed.substr(0, length), "x.gz"),
                   "x.gz: the gzip data stop");
}

TEST(Gunzip, refuses_damaged_data) {
  const std::string packed = gzip(some_content());
  std::string damaged = packed;
  damaged[packed.size() / 2] ^= 0x10;
  std::string wrong_checksum = packed;
  wrong_checksum[packed.size() - 6] ^= 1;

  EXPECT_MESSAGE(ConfigError, gunzip(damaged, "x.gz"), "x.gz: the gzip data are damaged");
  EXPECT_MESSAGE(ConfigError, gunzip(wrong_checksum, "x.gz"), "x.gz: the gzip data are damaged");
  EXPECT_MESSAGE(ConfigError, gunzip("no gzip at all", "x.gz"), "x.gz: the gzip data are damaged");
}

TEST(Gunzip, refuses_bytes_after_the_end) {
  EXPECT_MESSAGE(ConfigError, gunzip(gzip("abc") + "more", "x.gz"), "4 bytes follow the end");
}

TEST(InputFile, is_read_whole) {
  const TemporaryFolder folder;
  const std::string content = some_content();
  write_bytes(folder / "a", content);
  write_bytes(folder / "empty", "");

  EXPECT_EQ(read_input_file(folder / "a", ""), content);
  EXPECT_EQ(read_input_file(folder / "empty", ""), "");
}

TEST(InputFile, that_is_missing_is_named_with_the_remedy) {
  const TemporaryFolder folder;

  EXPECT_MESSAGE(MissingInput, read_input_file(folder / "none", "set input.path"),
                 "none: no such file; set input.path");
  EXPECT_MESSAGE(MissingInput, read_input_file(folder.path(), "set input.path"),
                 "not a regular file");
}

}  // namespace
}  // namespace ntkflow
