#include "network/limits.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/network/architecture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ntkflow {
namespace {

// A layer with its place in the network, for messages.
struct Place {
  const Layer& layer;
  std::size_t number;    ///< from 1
  bool is_first_affine;  ///< no layer with weights stands below
  const SampleShape& below;

  [[noreturn]] void fail(const std::string& problem) const {
    throw ConfigError(fmt::format("layer {}: {}", number, problem));
  }
};

std::string text_of(const IndexList& extents) {
  return fmt::format("{}", fmt::join(extents, "x"));
}

void check_input(const SampleShape& input) {
  check_extent(input.channels, input.has_grid() ? "input channels" : "input dimension");
  for (const Index extent : input.extents) check_extent(extent, "extent of the input's grid");
}

void expect_grid(const Place& place, const std::string& what) {
  const IndexList& filter = place.layer.filter;
  if (!place.below.has_grid()) place.fail(what + " needs a grid, and below it there is a vector");
  if (filter.size() != place.below.extents.size())
    place.fail(fmt::format("{} of {} on a grid of {}, need as many dimensions", what,
                           text_of(filter), text_of(place.below.extents)));
}

SampleShape after_dense(const Place& place) {
  if (place.below.has_grid())
    place.fail("a dense layer sees a vector, and below it there is a grid; put flatten between");
  return SampleShape::vector(place.layer.width);
}

SampleShape after_convolution(const Place& place) {
  expect_grid(place, "a filter");
  for (const Index taps : place.layer.filter)
    if (taps < 1 || taps % 2 == 0)
      place.fail(fmt::format("filter {}, need odd numbers of taps", text_of(place.layer.filter)));
  return {place.below.extents, place.layer.width};
}

SampleShape after_pool(const Place& place) {
  expect_grid(place, "a window");
  SampleShape above = place.below;
  for (std::size_t d = 0; d < above.extents.size(); ++d) {
    const Index window = place.layer.filter[d];
    if (window < 1 || above.extents[d] % window != 0)
      place.fail(fmt::format("windows of {} do not divide a grid of {}",
                             text_of(place.layer.filter), text_of(place.below.extents)));
    above.extents[d] /= window;
  }
  return above;
}

SampleShape after_flatten(const Place& place) {
  if (!place.below.has_grid()) place.fail("flatten needs a grid, and below it there is a vector");
  return SampleShape::vector(place.below.size());
}

void check_skip(const Place& place, const SampleShape& above) {
  if (place.layer.skip == Skip::none) return;
  if (!place.layer.is_affine()) place.fail("only layers with weights can be residual");
  if (place.is_first_affine)
    place.fail("the first layer with weights cannot be residual; begin with fc or conv");
  if (above != place.below)
    place.fail(fmt::format("a residual layer keeps the number of channels: {}, below it {}",
                           above.channels, place.below.channels));
}

SampleShape shape_after(const Place& place) {
  if (place.layer.is_affine())
    check_extent(place.layer.width, fmt::format("layer {}: width", place.number));
  switch (place.layer.kind) {
    case LayerKind::dense:
      return after_dense(place);
    case LayerKind::convolution:
      return after_convolution(place);
    case LayerKind::average_pool:
    case LayerKind::max_pool:
      return after_pool(place);
    case LayerKind::flatten:
      return after_flatten(place);
  }
  NTKFLOW_EXPECTS(false);
  return {};
}

// The numbers of a sample are one side of a matrix.
void check_size(const SampleShape& shape, const std::string& where) {
  Index size = shape.channels;
  for (const Index extent : shape.extents) {
    if (size > largest_extent / extent)
      throw ConfigError(fmt::format("{}: {} channels at {} positions are more than {} numbers",
                                    where, shape.channels, text_of(shape.extents), largest_extent));
    size *= extent;
  }
}

}  // namespace

void check_extent(Index extent, const std::string& what) {
  if (extent < 1 || extent > largest_extent)
    throw ConfigError(fmt::format("{} = {}, need 1 to {}", what, extent, largest_extent));
}

std::vector<SampleShape> layer_shapes(const Architecture& architecture) {
  const std::vector<Layer>& layers = architecture.layers;
  check_input(architecture.input);
  check_size(architecture.input, "input");
  if (std::ranges::none_of(layers, &Layer::is_affine))
    throw ConfigError("a network needs at least one hidden layer, such as fc:1024");

  std::vector<SampleShape> shapes = {architecture.input};
  if (layers.front().kind == LayerKind::dense)
    shapes.front() = SampleShape::vector(architecture.input.size());
  bool has_affine = false;
  for (const Layer& layer : layers) {
    const Place place{layer, shapes.size(), !has_affine, shapes.back()};
    SampleShape above = shape_after(place);
    check_skip(place, above);
    check_size(above, fmt::format("layer {}", place.number));
    has_affine = has_affine || layer.is_affine();
    shapes.push_back(std::move(above));
  }
  if (architecture.readout.kind == ReadoutKind::dense && shapes.back().has_grid())
    throw ConfigError(
        "readout: dense sees a vector, and below it there is a grid; use flatten or average");
  return shapes;
}

}  // namespace ntkflow
