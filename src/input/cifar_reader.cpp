#include "ntkflow/input/cifar_reader.hpp"

#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/input/input_file.hpp"

#include <fmt/format.h>

#include <map>
#include <system_error>

namespace ntkflow {
namespace {

constexpr Index side = 32;
constexpr Index channels = 3;
constexpr std::size_t plane_bytes = side * side;
constexpr std::size_t record_bytes = 1 + channels * plane_bytes;
constexpr unsigned classes = 10;
constexpr const char* remedy =
    "set the folder of CIFAR-10's binary batches (.gz or not), e.g. --set input.path=DIR";

void append_image(std::string_view planes, std::string& pixels) {
  for (std::size_t at = 0; at < plane_bytes; ++at)
    for (std::size_t c = 0; c < channels; ++c) pixels += planes[c * plane_bytes + at];
}

// The batch that a file name stands for, "" when it is none of this split: the text between
// "data_batch_" or "test_batch" and the first dot, preceded by its length so that 10 follows 9.
std::string batch_of(const std::string& file, Split split) {
  const std::string prefix = split == Split::train ? "data_batch_" : "test_batch";
  if (!file.starts_with(prefix) || !(file.ends_with(".bin") || file.ends_with(".bin.gz")))
    return "";
  const std::string number = file.substr(prefix.size(), file.find('.') - prefix.size());
  if (number.empty() == (split == Split::train)) return "";
  return fmt::format("{:04}:{}", number.size(), number);
}

// A plain file goes before its packed twin; other twins would double the batch's images.
std::map<std::string, std::filesystem::path> batches_in(const std::filesystem::path& folder,
                                                        Split split) {
  std::map<std::string, std::filesystem::path> batches;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string batch = batch_of(entry.path().filename().string(), split);
    if (batch.empty()) continue;
    auto& chosen = batches[batch];
    const std::string old = chosen.string(), found = entry.path().string();
    if (old.empty() || old == found + ".gz")
      chosen = found;
    else if (found != old + ".gz")
      throw ConfigError(fmt::format("{} and {} are the same batch, remove one of them",
                                    std::min(old, found), std::max(old, found)));
  }
  return batches;
}

}  // namespace

void append_cifar_batch(std::string_view bytes, std::string_view name, LabelledImages& images) {
  const auto fail = [&](const std::string& what) {
    throw ConfigError(fmt::format("{}: {}", name, what));
  };
  if (bytes.empty() || bytes.size() % record_bytes != 0)
    fail(fmt::format(
        "expected records of {} bytes, found {} bytes, which are {} records and {} "
        "bytes: the file is truncated or no CIFAR-10 batch",
        record_bytes, bytes.size(), bytes.size() / record_bytes, bytes.size() % record_bytes));
  images.pixels.reserve(images.pixels.size() + bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += record_bytes) {
    const auto label = static_cast<std::uint8_t>(bytes[at]);
    if (label >= classes)
      fail(fmt::format("record {} (from 0) has the label {}, expected 0 to {}", at / record_bytes,
                       label, classes - 1));
    images.labels.push_back(label);
    append_image(bytes.substr(at + 1, record_bytes - 1), images.pixels);
  }
}

LabelledImages read_cifar10(const std::filesystem::path& folder, Split split) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    throw MissingInput(fmt::format("{}: no such folder; {}", folder.string(), remedy));
  LabelledImages images{side, side, channels, "", {}, ""};
  std::string digests;
  for (const auto& [batch, path] : batches_in(folder, split)) {
    std::string bytes = read_input_file(path, remedy);
    if (path.extension() == ".gz") bytes = gunzip(bytes, path.string());
    digests += digest(bytes);
    append_cifar_batch(bytes, path.string(), images);
  }
  if (images.count() == 0)
    throw MissingInput(fmt::format("{}: holds no {}; {}", folder.string(),
                                   split == Split::train ? "data_batch_N.bin" : "test_batch.bin",
                                   remedy));
  images.digest = digest(digests);
  return images;
}

}  // namespace ntkflow
