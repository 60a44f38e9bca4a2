#include "ntkflow/archive/schema.hpp"

#include "ntkflow/archive/checksum.hpp"
#include "ntkflow/archive/names.hpp"
#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

bool has_dataset(const Schema& schema, std::string_view path) {
  return std::any_of(schema.datasets.begin(), schema.datasets.end(),
                     [&](const DatasetSpec& dataset) { return dataset.path == path; });
}

// A dimension without values of its own gets the numbers 0, 1, ... as its scale.
void add_scale(Schema& schema, const std::string& dimension, Index length) {
  if (dimension == names::time_dimension) return;  // /snapshot/time is its scale
  const std::string path = names::dimension_scale(dimension);
  for (const DatasetSpec& dataset : schema.datasets)
    if (dataset.path == path) NTKFLOW_EXPECTS(dataset.shape.front() == length);
  if (has_dataset(schema, path)) return;
  schema.datasets.push_back({.path = path,
                             .shape = {length},
                             .dimensions = {dimension},
                             .long_name = fmt::format("number of the {}", dimension),
                             .type = ElementType::integer,
                             .contents = indices_of({0, length})});
}

void add_marker(Schema& schema, const DatasetSpec& member) {
  const bool one_a_row = member.marker == names::snapshot_markers;
  const IndexList shape = {one_a_row ? member.shape.front() : 1, Marker::words};
  for (const DatasetSpec& dataset : schema.datasets)
    if (dataset.path == member.marker) NTKFLOW_EXPECTS(dataset.shape == shape);
  if (has_dataset(schema, member.marker)) return;
  schema.add({.path = member.marker,
              .shape = shape,
              .dimensions = {one_a_row ? member.dimensions.front() : "one", "word"},
              .long_name = "commit marker: magic, index, checksum, marker checksum",
              .type = ElementType::integer});
}

}  // namespace

Index DatasetSpec::count() const {
  Index product = 1;
  for (const Index extent : shape) {
    NTKFLOW_EXPECTS(extent >= 0);
    if (__builtin_mul_overflow(product, extent, &product))
      throw ConfigError(fmt::format("dataset {} has more elements than 2^63", path));
  }
  return product;
}

Index DatasetSpec::bytes() const {
  Index product = 0;
  if (__builtin_mul_overflow(count(), type == ElementType::text ? text_length : Index{8}, &product))
    throw ConfigError(fmt::format("dataset {} has more bytes than 2^63", path));
  return product;
}

void Schema::add(DatasetSpec dataset) {
  NTKFLOW_EXPECTS(dataset.shape.size() <= 2 && !has_dataset(*this, dataset.path));
  NTKFLOW_EXPECTS(!dataset.long_name.empty());
  NTKFLOW_EXPECTS(dataset.dimensions.empty() || dataset.dimensions.size() == dataset.shape.size());
  for (std::size_t i = 0; i < dataset.dimensions.size(); ++i)
    add_scale(*this, dataset.dimensions[i], dataset.shape[i]);
  if (!dataset.marker.empty()) add_marker(*this, dataset);
  datasets.push_back(std::move(dataset));
}

Index Schema::bytes() const {
  Index total = 0;
  for (const DatasetSpec& dataset : datasets)
    if (__builtin_add_overflow(total, dataset.bytes(), &total))
      throw ConfigError("the archive would have more bytes than 2^63");
  return total;
}

}  // namespace ntkflow
