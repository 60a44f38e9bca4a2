#include "ntkflow/network/architecture.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace ntkflow {
namespace {

// One comma-separated piece, `type:size:key=value:...`, as words; every error quotes the piece.
struct Piece {
  std::string text;
  std::vector<std::string> words;

  explicit Piece(std::string_view piece) : text(piece), words(split(piece, ':')) {}

  [[noreturn]] void fail(const std::string& problem) const {
    throw ConfigError(fmt::format("'{}': {}", text, problem));
  }
};

template <typename Value>
Value choose(const Piece& piece, const std::string& key, const std::string& word,
             const std::map<std::string, Value>& choices) {
  if (const auto found = choices.find(word); found != choices.end()) return found->second;
  std::vector<std::string> allowed;
  for (const auto& [name, value] : choices) allowed.push_back(name);
  piece.fail(fmt::format("{} = '{}'{}; allowed: {}", key, word, did_you_mean(word, allowed),
                         fmt::join(allowed, ", ")));
}

double number(const Piece& piece, const std::string& key, const std::string& word) {
  const auto value = parse_double(word);
  if (!value) piece.fail(fmt::format("{} = '{}' is not a number", key, word));
  return *value;
}

void set_trained(const Piece& piece, const std::string& word, ParameterSpec& spec) {
  struct Trained {
    bool weights, bias;
  };
  const auto trained = choose<Trained>(piece, "trained", word,
                                       {{"yes", {true, true}},
                                        {"no", {false, false}},
                                        {"weights", {true, false}},
                                        {"bias", {false, true}}});
  spec.weights_trained = trained.weights;
  spec.bias_trained = trained.bias;
}

// The options that a hidden layer and the readout have in common. Returns whether key is one.
bool set_parameter_option(const Piece& piece, const std::string& key, const std::string& word,
                          ParameterSpec& spec) {
  if (key == "sigma_w")
    spec.sigma_w = number(piece, key, word);
  else if (key == "sigma_b")
    spec.sigma_b = number(piece, key, word);
  else if (key == "bias")
    spec.bias = choose<Bias>(
        piece, key, word, {{"none", Bias::none}, {"random", Bias::random}, {"zero", Bias::zero}});
  else if (key == "trained")
    set_trained(piece, word, spec);
  else
    return false;
  return true;
}

// Calls set(key, value) for each `key=value` behind the first words; set returns whether it knows
// the key.
template <typename Set>
void read_options(const Piece& piece, std::size_t first, const std::vector<std::string>& allowed,
                  Set&& set) {
  std::vector<std::string> seen;
  for (std::size_t i = first; i < piece.words.size(); ++i) {
    const std::string& word = piece.words[i];
    const auto equals = word.find('=');
    const std::string key(trim(word.substr(0, equals)));
    if (equals == std::string::npos)
      piece.fail(fmt::format("'{}' is no option of the form key=value; allowed keys: {}", word,
                             fmt::join(allowed, ", ")));
    if (std::find(seen.begin(), seen.end(), key) != seen.end())
      piece.fail(fmt::format("'{}' is set twice", key));
    seen.push_back(key);
    if (!set(key, std::string(trim(std::string_view(word).substr(equals + 1)))))
      piece.fail(fmt::format("unknown option '{}'{}; allowed: {}", key, did_you_mean(key, allowed),
                             fmt::join(allowed, ", ")));
  }
}

Index parse_width(const Piece& piece, const LayerDefaults& defaults) {
  if (piece.words.size() < 2) piece.fail("a layer needs a width, such as fc:1024 or fc:W");
  const std::string& word = piece.words[1];
  if (word == "W") {
    if (defaults.width < 1) piece.fail("W stands for network.width, which is not set");
    return defaults.width;
  }
  const auto width = parse_integer(word);
  if (!width || *width < 1)
    piece.fail(fmt::format("width '{}', need a whole number >= 1 or W", word));
  return *width;
}

const Activation* choose_activation(const Piece& piece, const std::string& word) {
  std::map<std::string, const Activation*> choices;
  for (const std::string& name : activation_names()) choices[name] = &activation(name);
  return choose(piece, "activation", word, choices);
}

void expect_type(const Piece& piece, const std::string& type) {
  const std::string found = piece.words.empty() ? "" : piece.words[0];
  if (found != type) piece.fail(fmt::format("type '{}'; allowed: {}", found, type));
}

Layer parse_layer(std::string_view text, const LayerDefaults& defaults) {
  const Piece piece(text);
  expect_type(piece, "fc");
  Layer layer = defaults;
  layer.width = parse_width(piece, defaults);
  const auto set = [&](const std::string& key, const std::string& word) {
    if (key == "activation")
      layer.activation = choose_activation(piece, word);
    else if (key == "fan")
      layer.fan =
          choose<Fan>(piece, key, word,
                      {{"channels", Fan::channels}, {"fan_in", Fan::fan_in}, {"one", Fan::one}});
    else
      return set_parameter_option(piece, key, word, layer.parameters);
    return true;
  };
  read_options(piece, 2, {"sigma_w", "sigma_b", "bias", "fan", "trained", "activation"}, set);
  return layer;
}

Readout parse_readout(std::string_view text, const LayerDefaults& defaults) {
  const Piece piece(text);
  expect_type(piece, "dense");
  Readout readout;
  readout.parameters = defaults.parameters;
  const auto set = [&](const std::string& key, const std::string& word) {
    if (key != "init") return set_parameter_option(piece, key, word, readout.parameters);
    readout.law = choose<WeightLaw>(piece, key, word,
                                    {{"normal", WeightLaw::normal}, {"signs", WeightLaw::signs}});
    return true;
  };
  read_options(piece, 1, {"init", "sigma_w", "sigma_b", "bias", "trained"}, set);
  return readout;
}

}  // namespace

Architecture parse_architecture(std::string_view layers, std::string_view readout,
                                const LayerDefaults& defaults) {
  Architecture architecture;
  LayerDefaults layer_defaults = defaults;
  for (const std::string& text : split(layers, ',')) {
    architecture.layers.push_back(parse_layer(text, layer_defaults));
    if (layer_defaults.fan == Fan::one) layer_defaults.fan = Fan::channels;
  }
  architecture.readout = parse_readout(readout, defaults);

  // What one piece alone cannot show to be wrong does not depend on the input dimension.
  Architecture with_input = architecture;
  with_input.input_dimension = 1;
  affine_maps(with_input);
  return architecture;
}

}  // namespace ntkflow
