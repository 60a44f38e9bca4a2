#include "ntkflow/network/architecture.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

// Widths go into BLAS's int.
constexpr Index largest_width = std::numeric_limits<int>::max();

void check_width(Index width, const std::string& what) {
  if (width < 1 || width > largest_width)
    throw ConfigError(fmt::format("{} = {}, need 1 to {}", what, width, largest_width));
}

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

AffineMap make_map(const ParameterSpec& spec, Index inputs, Index outputs, Fan fan, Index at) {
  AffineMap map;
  map.inputs = inputs;
  map.outputs = outputs;
  map.weight_scale =
      spec.sigma_w / (fan == Fan::one ? 1.0 : std::sqrt(static_cast<double>(inputs)));
  map.weights_trained = spec.weights_trained;
  map.weights_at = at;
  map.bias = spec.bias;
  if (spec.bias != Bias::none) {
    map.bias_scale = spec.sigma_b;
    map.bias_trained = spec.bias_trained;
    map.bias_at = at + inputs * outputs;
  }
  return map;
}

}  // namespace

std::vector<AffineMap> affine_maps(const Architecture& architecture) {
  check_width(architecture.input_dimension, "input dimension");
  if (architecture.layers.empty())
    throw ConfigError("a network needs at least one hidden layer, such as fc:1024");

  std::vector<AffineMap> maps;
  Index inputs = architecture.input_dimension;
  Index at = 0;
  for (const Layer& layer : architecture.layers) {
    const std::string where = fmt::format("layer {}", maps.size() + 1);
    NTKFLOW_EXPECTS(layer.activation != nullptr);
    check_width(layer.width, where + ": width");
    check_parameters(layer.parameters, where);
    if (layer.fan == Fan::one && !maps.empty())
      throw ConfigError(where + ": fan = one is for the first layer; use channels or fan_in");
    maps.push_back(make_map(layer.parameters, inputs, layer.width, layer.fan, at));
    at = maps.back().parameters_end();
    inputs = layer.width;
  }
  check_parameters(architecture.readout.parameters, "readout");
  maps.push_back(make_map(architecture.readout.parameters, inputs, 1, Fan::channels, at));
  maps.back().law = architecture.readout.law;
  return maps;
}

}  // namespace ntkflow
