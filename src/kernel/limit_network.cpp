#include "kernel/limit_network.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

AffineLimit limit_of(const AffineMap& map) {
  const double bias = map.bias_scale * map.bias_scale;
  return {map.weight_scale * map.weight_scale * static_cast<double>(map.inputs),
          map.bias == Bias::random ? bias : 0.0, map.weights_trained ? 1.0 : 0.0,
          map.bias_trained ? bias : 0.0};
}

// The extents of a grid, or of a filter or window on it.
Lattice lattice_of(const IndexList& extents) {
  if (extents.size() > 2)
    throw ConfigError(fmt::format(
        "the analytic kernel knows grids of one or two dimensions, not {}", extents.size()));
  if (extents.empty()) return {};
  return {extents.size() == 2 ? extents.front() : 1, extents.back()};
}

// Flatten and pooling open a level; so does nothing else.
Level opened_level(const Layer& layer, const SampleShape& above, std::size_t number) {
  if (layer.kind == LayerKind::max_pool)
    throw ConfigError(fmt::format(
        "layer {}: max pooling has no analytic kernel, because the maximum of Gaussians is none; "
        "use avgpool, or the empirical kernel",
        number));
  Level level;
  level.start = layer.kind == LayerKind::flatten ? LevelStart::flatten : LevelStart::average_pool;
  if (level.start == LevelStart::average_pool) level.window = lattice_of(layer.filter);
  level.lattice = lattice_of(above.extents);
  return level;
}

std::vector<const Activation*> activations_of(const Architecture& architecture) {
  std::vector<const Activation*> activations;
  for (const Layer& layer : architecture.layers)
    if (layer.is_affine()) activations.push_back(layer.activation);
  return activations;
}

}  // namespace

LimitNetwork::LimitNetwork(const Architecture& architecture)
    : readout_kind(architecture.readout.kind) {
  const std::vector<AffineMap> maps = affine_maps(architecture);
  const std::vector<SampleShape> shapes = layer_shapes(architecture);
  std::vector<LayerDual> duals = make_duals(activations_of(architecture));

  on_vectors = !shapes.front().has_grid();
  input_channels = shapes.front().channels;
  levels.emplace_back().lattice = lattice_of(shapes.front().extents);
  std::size_t next_dual = 0;
  for (std::size_t l = 0; l < architecture.layers.size(); ++l) {
    const Layer& layer = architecture.layers[l];
    if (!layer.is_affine()) {
      levels.push_back(opened_level(layer, shapes[l + 1], l + 1));
      continue;
    }
    const bool convolves = layer.kind == LayerKind::convolution;
    levels.back().layers.push_back(
        {limit_of(maps[l]), lattice_of(convolves ? layer.filter : IndexList{}), layer.padding,
         layer.skip, std::move(duals[next_dual++]), layer.activation->slopes().has_value()});
    has_skips = has_skips || layer.skip == Skip::identity;
  }
  readout = limit_of(maps.back());
}

}  // namespace ntkflow
