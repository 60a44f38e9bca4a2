#include "ntkflow/input/input_file.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace ntkflow {
namespace {

// A small file can unpack to a thousand times its size; no data set read here comes near this.
constexpr std::size_t largest_content = std::size_t{1} << 30;

class Inflater {
 public:
  explicit Inflater(std::string_view compressed) {
    // zlib's input pointer is not const, but it does not write there.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream_.avail_in = static_cast<uInt>(compressed.size());
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzip_only) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  // Appends the next piece of content; returns zlib's status.
  int step(std::string& content) {
    char piece[1 << 16];
    stream_.next_out = reinterpret_cast<Bytef*>(piece);
    stream_.avail_out = sizeof piece;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    content.append(piece, sizeof piece - stream_.avail_out);
    return status;
  }
  std::size_t unread() const { return stream_.avail_in; }
  const char* reason() const { return stream_.msg != nullptr ? stream_.msg : "no gzip data"; }

 private:
  z_stream stream_{};
};

}  // namespace

void require_input_file(const std::filesystem::path& path, std::string_view remedy) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    throw MissingInput(fmt::format("{}: no such file; {}", path.string(), remedy));
  if (!std::filesystem::is_regular_file(status))
    throw MissingInput(fmt::format("{}: is not a regular file; {}", path.string(), remedy));
  if (access(path.c_str(), R_OK) != 0)
    throw MissingInput(
        fmt::format("{}: cannot be read ({}); {}", path.string(), std::strerror(errno), remedy));
}

std::string read_input_file(const std::filesystem::path& path, std::string_view remedy) {
  require_input_file(path, remedy);
  const auto failed = [&] {
    return Error(ExitCode::io_failed, path.string() + ": reading failed");
  };
  std::error_code error;
  std::string bytes(std::filesystem::file_size(path, error), '\0');
  if (error) throw failed();
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file) throw failed();
  return bytes;
}

std::string gunzip(std::string_view compressed, std::string_view name) {
  const auto fail = [&](std::string_view what) {
    throw ConfigError(fmt::format("{}: {}; fetch the file again", name, what));
  };
  if (compressed.size() > largest_content) fail("is larger than 1 GiB, not a data set known here");
  Inflater inflater(compressed);
  std::string content;
  int status = Z_OK;
  while (status == Z_OK && content.size() <= largest_content) status = inflater.step(content);
  if (content.size() > largest_content) fail("unpacks to more than 1 GiB");
  if (status == Z_BUF_ERROR)
    fail(fmt::format("the gzip data stop after {} bytes, before their end", compressed.size()));
  if (status != Z_STREAM_END)
    fail(fmt::format("the gzip data are damaged ({})", inflater.reason()));
  if (inflater.unread() > 0)
    fail(fmt::format("{} bytes follow the end of the gzip data", inflater.unread()));
  return content;
}

}  // namespace ntkflow
