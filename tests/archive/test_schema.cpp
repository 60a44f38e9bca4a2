#include "ntkflow/archive/archive_datasets.hpp"

#include "ntkflow/archive/names.hpp"
#include "ntkflow/base/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ntkflow {
namespace {

const DatasetSpec* find(const Schema& schema, std::string_view path) {
  const auto found = std::find_if(schema.datasets.begin(), schema.datasets.end(),
                                  [&](const DatasetSpec& dataset) { return dataset.path == path; });
  return found == schema.datasets.end() ? nullptr : &*found;
}

constexpr ArchiveSizes sizes = {
    .reference = 50, .train = 8, .dimension = 2, .modes = 6, .train_modes = 5, .snapshots = 4};

TEST(Schema, brings_the_markers_and_scales_that_its_parts_need) {
  Schema schema;
  add_points(schema, sizes);
  add_trajectory(schema, sizes);

  ASSERT_NE(find(schema, names::stage_marker(names::stage_points)), nullptr);
  EXPECT_EQ(find(schema, names::stage_marker(names::stage_points))->shape, (IndexList{1, 4}));
  ASSERT_NE(find(schema, names::snapshot_markers), nullptr);
  EXPECT_EQ(find(schema, names::snapshot_markers)->shape, (IndexList{4, 4}));
  ASSERT_NE(find(schema, "/reference"), nullptr);
  EXPECT_EQ(find(schema, "/reference")->shape, IndexList{50});
  EXPECT_EQ(find(schema, "/time"), nullptr);
  EXPECT_EQ(find(schema, names::stage_marker(names::stage_kernel)), nullptr);
}

TEST(Schema, has_only_the_kernels_asked_for) {
  Schema schema;
  const std::string_view which[] = {names::kernel_nngp};
  add_kernel(schema, sizes, which);

  EXPECT_NE(find(schema, names::kernel_nngp), nullptr);
  EXPECT_EQ(find(schema, names::kernel_ntk), nullptr);
}

TEST(Schema, counts_bytes) {
  Schema schema;
  schema.add({.path = "/a", .shape = {3, 5}, .long_name = "a"});
  schema.add(
      {.path = "/b", .shape = {7}, .long_name = "b", .type = ElementType::text, .text_length = 20});

  EXPECT_EQ(schema.bytes(), 8 * 15 + 7 * 20);
}

TEST(Schema, refuses_sizes_beyond_64_bits) {
  Schema schema;
  schema.add({.path = "/a", .shape = {Index{1} << 40, Index{1} << 40}, .long_name = "a"});
  EXPECT_THROW(schema.bytes(), ConfigError);

  Schema wide;
  wide.add({.path = "/a", .shape = {Index{1} << 61}, .long_name = "a"});
  EXPECT_THROW(wide.bytes(), ConfigError);
}

}  // namespace
}  // namespace ntkflow
