#include "network/limits.hpp"
#include "network/piece.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/network/architecture.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

void set_trained(const Piece& piece, const std::string& word, ParameterSpec& spec) {
  struct Trained {
    bool weights, bias;
  };
  const auto trained = piece.choose<Trained>("trained", word,
                                             {{"bias", {false, true}},
                                              {"no", {false, false}},
                                              {"weights", {true, false}},
                                              {"yes", {true, true}}});
  spec.weights_trained = trained.weights;
  spec.bias_trained = trained.bias;
}

// The options that a hidden layer and the readout have in common. Returns whether key is one.
bool set_parameter_option(const Piece& piece, const std::string& key, const std::string& word,
                          ParameterSpec& spec) {
  if (key == "sigma_w")
    spec.sigma_w = piece.number(key, word);
  else if (key == "sigma_b")
    spec.sigma_b = piece.number(key, word);
  else if (key == "bias")
    spec.bias = piece.choose<Bias>(
        key, word, {{"none", Bias::none}, {"random", Bias::random}, {"zero", Bias::zero}});
  else if (key == "trained")
    set_trained(piece, word, spec);
  else
    return false;
  return true;
}

Index parse_width(Piece& piece, const LayerDefaults& defaults) {
  const auto word = piece.next_word();
  if (!word) piece.fail("a layer needs a width, such as fc:1024 or fc:W");
  if (*word == "W") {
    if (defaults.width < 1) piece.fail("W stands for network.width, which is not set");
    return defaults.width;
  }
  const auto width = parse_integer(*word);
  if (!width || *width < 1)
    piece.fail(fmt::format("width '{}', need a whole number >= 1 or W", *word));
  return *width;
}

// `3` or `3x5`.
IndexList parse_filter(const Piece& piece, const std::string& word) {
  IndexList filter;
  for (const std::string& text : split(word, 'x')) {
    const auto taps = parse_integer(text);
    if (!taps || *taps < 1 || *taps > largest_extent)
      piece.fail(
          fmt::format("'{}', need whole numbers >= 1 such as 3x3, or 3 on a sequence", word));
    filter.push_back(*taps);
  }
  if (filter.size() > 2) piece.fail(fmt::format("'{}' has more than two dimensions", word));
  return filter;
}

void read_convolution(Piece& piece, const std::string& filter, Layer& layer) {
  layer.kind = LayerKind::convolution;
  layer.filter = parse_filter(piece, filter);
  for (const Index taps : layer.filter)
    if (taps % 2 == 0) piece.fail(fmt::format("filter '{}', need odd numbers of taps", filter));
  if (const auto padding = piece.next_word())
    layer.padding = piece.choose<Padding>(
        "padding", *padding, {{"same", Padding::same}, {"circular", Padding::circular}});
}

const Activation* parse_activation(const Piece& piece, const std::string& word) {
  try {
    return &activation(word);
  } catch (const ConfigError& error) {
    piece.fail(error.what());
  }
}

void read_layer_options(Piece& piece, Layer& layer) {
  const auto set = [&](const std::string& key, const std::string& word) {
    if (key == "activation")
      layer.activation = parse_activation(piece, word);
    else if (key == "fan")
      layer.fan = piece.choose<Fan>(
          key, word, {{"channels", Fan::channels}, {"fan_in", Fan::fan_in}, {"one", Fan::one}});
    else
      return set_parameter_option(piece, key, word, layer.parameters);
    return true;
  };
  piece.read_options({"sigma_w", "sigma_b", "bias", "fan", "trained", "activation"}, set);
}

enum class LayerType { dense, convolution, residual, average_pool, max_pool, flatten };

// A layer without weights.
Layer parse_plain_layer(Piece& piece, LayerKind kind) {
  Layer layer;
  layer.kind = kind;
  layer.parameters.weights_trained = layer.parameters.bias_trained = false;
  if (kind != LayerKind::flatten) {
    const auto window = piece.next_word();
    if (!window) piece.fail("a pool needs a window, such as avgpool:2x2");
    layer.filter = parse_filter(piece, *window);
  }
  if (!piece.is_empty()) piece.fail("a layer without weights has no options");
  return layer;
}

// A layer with weights; only a residual one may do without a filter or have one.
Layer parse_affine_layer(Piece& piece, LayerType type, const LayerDefaults& defaults) {
  Layer layer = defaults;
  layer.width = parse_width(piece, defaults);
  if (type == LayerType::residual) layer.skip = Skip::identity;
  if (type != LayerType::dense) {
    const auto filter = piece.next_word();
    if (filter)
      read_convolution(piece, *filter, layer);
    else if (type == LayerType::convolution)
      piece.fail("a convolution needs a filter, such as conv:64:3x3, or conv:64:3 on a sequence");
  }
  read_layer_options(piece, layer);
  return layer;
}

Layer parse_layer(std::string_view text, const LayerDefaults& defaults) {
  Piece piece(text);
  const auto type = piece.choose<LayerType>("type", piece.next_word().value_or(""),
                                            {{"fc", LayerType::dense},
                                             {"conv", LayerType::convolution},
                                             {"residual", LayerType::residual},
                                             {"avgpool", LayerType::average_pool},
                                             {"maxpool", LayerType::max_pool},
                                             {"flatten", LayerType::flatten}});
  switch (type) {
    case LayerType::average_pool:
      return parse_plain_layer(piece, LayerKind::average_pool);
    case LayerType::max_pool:
      return parse_plain_layer(piece, LayerKind::max_pool);
    case LayerType::flatten:
      return parse_plain_layer(piece, LayerKind::flatten);
    default:
      return parse_affine_layer(piece, type, defaults);
  }
}

Readout parse_readout(std::string_view text, const LayerDefaults& defaults) {
  Piece piece(text);
  Readout readout;
  readout.kind = piece.choose<ReadoutKind>("type", piece.next_word().value_or(""),
                                           {{"dense", ReadoutKind::dense},
                                            {"flatten", ReadoutKind::flatten},
                                            {"average", ReadoutKind::average}});
  readout.parameters = defaults.parameters;
  const bool has_norm = readout.kind == ReadoutKind::flatten;
  const auto set = [&](const std::string& key, const std::string& word) {
    if (key == "init")
      readout.law = piece.choose<WeightLaw>(
          key, word, {{"normal", WeightLaw::normal}, {"signs", WeightLaw::signs}});
    else if (key == "norm" && has_norm)
      readout.norm =
          piece.choose<FlattenNorm>(key, word,
                                    {{"channels", FlattenNorm::channels},
                                     {"channels_positions", FlattenNorm::channels_positions}});
    else
      return set_parameter_option(piece, key, word, readout.parameters);
    return true;
  };
  std::vector<std::string> allowed = {"init", "sigma_w", "sigma_b", "bias", "trained"};
  if (has_norm) allowed.insert(allowed.begin(), "norm");
  piece.read_options(allowed, set);
  return readout;
}

// The smallest input that these layers can have: of the rank of the first filter, with a grid that
// every window divides.
SampleShape smallest_input(const std::vector<Layer>& layers) {
  SampleShape input = SampleShape::vector(1);
  for (const Layer& layer : layers) {
    if (layer.kind == LayerKind::dense) break;
    if (!input.has_grid()) input.extents.assign(std::max<std::size_t>(layer.filter.size(), 1), 1);
    if (layer.kind == LayerKind::flatten) break;
    if (layer.is_affine()) continue;
    for (std::size_t d = 0; d < std::min(input.extents.size(), layer.filter.size()); ++d)
      if (input.extents[d] <= largest_extent) input.extents[d] *= layer.filter[d];
  }
  return input;
}

// The same on the smallest input. A flattened grid may be of any length, so a residual layer right
// above it stands without its skip: whether it keeps the length is judged on the points.
Architecture on_smallest_input(Architecture architecture) {
  architecture.input = smallest_input(architecture.layers);
  bool has_weights_below = false;
  for (std::size_t l = 0; l < architecture.layers.size(); ++l) {
    Layer& layer = architecture.layers[l];
    if (has_weights_below && architecture.layers[l - 1].kind == LayerKind::flatten)
      layer.skip = Skip::none;
    has_weights_below |= layer.is_affine();
  }
  return architecture;
}

}  // namespace

Architecture parse_architecture(std::string_view layers, std::string_view readout,
                                const LayerDefaults& defaults) {
  Architecture architecture;
  LayerDefaults layer_defaults = defaults;
  for (const std::string& text : split(layers, ',')) {
    architecture.layers.push_back(parse_layer(text, layer_defaults));
    if (layer_defaults.fan == Fan::one && architecture.layers.back().is_affine())
      layer_defaults.fan = Fan::channels;
  }
  architecture.readout = parse_readout(readout, defaults);

  // What one piece alone cannot show to be wrong, whatever the points are.
  affine_maps(on_smallest_input(architecture));
  return architecture;
}

}  // namespace ntkflow
