#include "ntkflow/input/idx_reader.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ntkflow {
namespace {

constexpr unsigned unsigned_byte = 0x08;
constexpr std::size_t most_extents = 4;

[[noreturn]] void fail(std::string_view name, const std::string& what) {
  throw ConfigError(fmt::format("{}: {}", name, what));
}

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// Big-endian, 32 bits.
Index extent_at(std::string_view bytes, std::size_t i) {
  return (Index{byte_at(bytes, i)} << 24) | (Index{byte_at(bytes, i + 1)} << 16) |
         (Index{byte_at(bytes, i + 2)} << 8) | Index{byte_at(bytes, i + 3)};
}

// The number of extents, from the magic number 00 00 TYPE COUNT.
std::size_t check_magic(std::string_view bytes, std::string_view name) {
  if (bytes.size() < 4)
    fail(name, fmt::format("expected an IDX header of >= 8 bytes, found {} bytes", bytes.size()));
  const unsigned type = byte_at(bytes, 2);
  const std::size_t rank = byte_at(bytes, 3);
  if (bytes[0] != 0 || bytes[1] != 0 || type != unsigned_byte)
    fail(name, fmt::format("expected the IDX magic number 00 00 08 of unsigned bytes, found {:02x} "
                           "{:02x} {:02x}",
                           byte_at(bytes, 0), byte_at(bytes, 1), type));
  if (rank < 1 || rank > most_extents)
    fail(name, fmt::format("expected 1 to {} extents, found {}", most_extents, rank));
  if (bytes.size() < 4 + 4 * rank)
    fail(name, fmt::format("expected an IDX header of {} bytes, found {} bytes in all",
                           4 + 4 * rank, bytes.size()));
  return rank;
}

Index checked_product(const std::vector<Index>& shape, std::string_view name) {
  Index product = 1;
  for (const Index extent : shape)
    if (__builtin_mul_overflow(product, extent, &product))
      fail(name, fmt::format("the shape {} has more than 2^63 bytes", fmt::join(shape, " x ")));
  return product;
}

}  // namespace

IdxArray parse_idx(std::string bytes, std::string_view name) {
  const std::size_t rank = check_magic(bytes, name);
  IdxArray array;
  for (std::size_t k = 0; k < rank; ++k) array.shape.push_back(extent_at(bytes, 4 + 4 * k));
  const Index expected = checked_product(array.shape, name);
  const Index found = count_of(bytes) - static_cast<Index>(4 + 4 * rank);
  if (found != expected)
    fail(name, fmt::format("the shape {} needs {} bytes after the header, found {}: the file is {}",
                           fmt::join(array.shape, " x "), expected, found,
                           found < expected ? "truncated" : "longer than its header says"));
  bytes.erase(0, 4 + 4 * rank);
  array.values = std::move(bytes);
  return array;
}

}  // namespace ntkflow
