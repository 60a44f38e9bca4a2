#include "ntkflow/network/architecture.hpp"

#include "network/limits.hpp"
#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ntkflow {
namespace {

void check_parameters(const ParameterSpec& spec, const std::string& where) {
  if (!(spec.sigma_w > 0.0 && std::isfinite(spec.sigma_w)))
    throw ConfigError(fmt::format("{}: sigma_w = {}, need a number > 0", where, spec.sigma_w));
  if (!(spec.sigma_b >= 0.0 && std::isfinite(spec.sigma_b)))
    throw ConfigError(fmt::format("{}: sigma_b = {}, need a number >= 0", where, spec.sigma_b));
  if (spec.bias == Bias::none && spec.sigma_b > 0.0)
    throw ConfigError(
        fmt::format("{}: sigma_b = {} has no effect with bias = none; set bias = random or zero",
                    where, spec.sigma_b));
  if (spec.bias != Bias::none && spec.sigma_b == 0.0)
    throw ConfigError(fmt::format(
        "{}: a bias has no effect with sigma_b = 0; set sigma_b > 0 or bias = none", where));
}

struct MapShape {
  Index inputs, outputs, taps;
};

AffineMap make_map(const ParameterSpec& spec, const MapShape& shape, double divisor, Index at) {
  AffineMap map;
  map.inputs = shape.inputs;
  map.outputs = shape.outputs;
  map.taps = shape.taps;
  map.weight_scale = spec.sigma_w / std::sqrt(divisor);
  map.weights_trained = spec.weights_trained;
  map.weights_at = at;
  map.bias = spec.bias;
  if (spec.bias != Bias::none) {
    map.bias_scale = spec.sigma_b;
    map.bias_trained = spec.bias_trained;
    map.bias_at = at + map.weight_count();
  }
  return map;
}

AffineMap empty_map(Index at) {
  AffineMap map;
  map.weights_trained = false;
  map.weights_at = at;
  return map;
}

double divisor_of(Fan fan, const MapShape& shape) {
  if (fan == Fan::one) return 1.0;
  return static_cast<double>(fan == Fan::channels ? shape.inputs : shape.inputs * shape.taps);
}

AffineMap layer_map(const Layer& layer, Index inputs, const std::string& where, Index at) {
  if (!layer.is_affine()) return empty_map(at);
  NTKFLOW_EXPECTS(layer.activation != nullptr);
  check_parameters(layer.parameters, where);
  if (layer.fan == Fan::one && at > 0)
    throw ConfigError(where + ": fan = one is for the first layer; use channels or fan_in");
  MapShape shape{inputs, layer.width, 1};
  for (const Index taps : layer.filter) shape.taps *= taps;
  check_extent(shape.inputs * shape.taps, where + ": channels times taps");
  return make_map(layer.parameters, shape, divisor_of(layer.fan, shape), at);
}

AffineMap readout_map(const Readout& readout, const SampleShape& below, Index at) {
  check_parameters(readout.parameters, "readout");
  const bool has_positions = readout.kind == ReadoutKind::flatten;
  const MapShape shape{below.channels, 1, has_positions ? below.positions() : 1};
  const bool is_mean = has_positions && readout.norm == FlattenNorm::channels_positions;
  AffineMap map = make_map(readout.parameters, shape,
                           divisor_of(is_mean ? Fan::fan_in : Fan::channels, shape), at);
  map.law = readout.law;
  return map;
}

}  // namespace

std::vector<AffineMap> affine_maps(const Architecture& architecture) {
  const std::vector<SampleShape> shapes = layer_shapes(architecture);
  std::vector<AffineMap> maps;
  Index at = 0;
  for (const Layer& layer : architecture.layers) {
    const std::size_t l = maps.size();
    maps.push_back(layer_map(layer, shapes[l].channels, fmt::format("layer {}", l + 1), at));
    at = maps.back().parameters_end();
  }
  maps.push_back(readout_map(architecture.readout, shapes.back(), at));
  return maps;
}

}  // namespace ntkflow
