#include "ntkflow/network/architecture.hpp"

#include "ntkflow/base/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace ntkflow {
namespace {

LayerDefaults tanh_of_width(Index width) {
  LayerDefaults defaults;
  defaults.width = width;
  defaults.activation = &activation("tanh");
  return defaults;
}

Architecture parse(std::string_view layers, std::string_view readout = "dense") {
  return parse_architecture(layers, readout, tanh_of_width(256));
}

TEST(Architecture, layers_take_their_defaults) {
  const Architecture parsed = parse("fc:W, fc:64");

  ASSERT_EQ(parsed.layers.size(), 2u);
  EXPECT_EQ(parsed.layers[0].width, 256);
  EXPECT_EQ(parsed.layers[1].width, 64);
  EXPECT_EQ(parsed.layers[1].activation, &activation("tanh"));
  EXPECT_EQ(parsed.layers[1].fan, Fan::channels);
  EXPECT_EQ(parsed.layers[1].parameters.bias, Bias::none);
  EXPECT_EQ(parsed.readout.law, WeightLaw::normal);
}

TEST(Architecture, options_of_a_layer_override_the_defaults) {
  const Architecture parsed = parse(
      "fc:3:sigma_w=1.5:sigma_b=0.1:bias=zero:fan=one:trained=bias:activation=erf, "
      "fc:4:fan=fan_in");

  const Layer& first = parsed.layers[0];
  EXPECT_EQ(first.parameters.sigma_w, 1.5);
  EXPECT_EQ(first.parameters.sigma_b, 0.1);
  EXPECT_EQ(first.parameters.bias, Bias::zero);
  EXPECT_EQ(first.fan, Fan::one);
  EXPECT_FALSE(first.parameters.weights_trained);
  EXPECT_TRUE(first.parameters.bias_trained);
  EXPECT_EQ(first.activation, &activation("erf"));
  EXPECT_EQ(parsed.layers[1].fan, Fan::fan_in);
  EXPECT_TRUE(parsed.layers[1].parameters.weights_trained);
}

TEST(Architecture, readout_has_options_of_its_own) {
  const Architecture parsed = parse("fc:3", "dense:init=signs:trained=no:sigma_w=2");

  EXPECT_EQ(parsed.readout.law, WeightLaw::signs);
  EXPECT_FALSE(parsed.readout.parameters.weights_trained);
  EXPECT_EQ(parsed.readout.parameters.sigma_w, 2.0);
}

TEST(Architecture, a_default_fan_of_one_is_for_the_first_layer) {
  LayerDefaults defaults = tanh_of_width(8);
  defaults.fan = Fan::one;

  const Architecture parsed = parse_architecture("fc:W, fc:W", "dense", defaults);

  EXPECT_EQ(parsed.layers[0].fan, Fan::one);
  EXPECT_EQ(parsed.layers[1].fan, Fan::channels);
}

struct BadText {
  const char* layers;
  const char* readout;
  const char* message;  ///< must be a part of what the error says
};

TEST(Architecture, wrong_texts_are_errors_that_say_what_is_allowed) {
  const BadText cases[] = {
      {"", "dense", "at least one hidden layer"},
      {"fc:8,,fc:8", "dense", "type ''; allowed: fc"},
      {"cf:8", "dense", "'cf:8': type 'cf'; allowed: fc"},
      {"fc", "dense", "'fc': a layer needs a width"},
      {"fc:0", "dense", "width '0', need a whole number >= 1 or W"},
      {"fc:-3", "dense", "width '-3'"},
      {"fc:8.5", "dense", "width '8.5'"},
      {"fc:nan", "dense", "width 'nan'"},
      {"fc:3000000000", "dense", "width = 3000000000, need 1 to 2147483647"},
      {"fc:8:erf", "dense", "'erf' is no option of the form key=value"},
      {"fc:8:sigma=1", "dense", "unknown option 'sigma' (did you mean 'sigma_w'?); allowed: "},
      {"fc:8:sigma_w=nan", "dense", "sigma_w = 'nan' is not a number"},
      {"fc:8, fc:8:sigma_w=-1", "dense", "layer 2: sigma_w = -1, need a number > 0"},
      {"fc:8:sigma_w=1:sigma_w=2", "dense", "'sigma_w' is set twice"},
      {"fc:8:bias=zeros", "dense", "bias = 'zeros' (did you mean 'zero'?); allowed: none, random"},
      {"fc:8:bias=zero", "dense", "a bias has no effect with sigma_b = 0"},
      {"fc:8:sigma_b=1", "dense", "sigma_b = 1 has no effect with bias = none"},
      {"fc:8:sigma_b=-1:bias=zero", "dense", "sigma_b = -1, need a number >= 0"},
      {"fc:8:fan=two", "dense", "fan = 'two'"},
      {"fc:8, fc:8:fan=one", "dense", "layer 2: fan = one is for the first layer"},
      {"fc:8:trained=maybe", "dense", "allowed: bias, no, weights, yes"},
      {"fc:8:activation=tan", "dense", "did you mean 'tanh'"},
      {"fc:8:init=signs", "dense", "unknown option 'init'"},
      {"fc:8", "", "type ''; allowed: dense"},
      {"fc:8", "flatten", "'flatten': type 'flatten'; allowed: dense"},
      {"fc:8", "dense:fan=one", "unknown option 'fan'"},
      {"fc:8", "dense:init=sign", "did you mean 'signs'"},
      {"fc:8", "dense:sigma_w=0", "readout: sigma_w = 0"},
  };
  for (const BadText& bad : cases) {
    try {
      parse(bad.layers, bad.readout);
      ADD_FAILURE() << bad.layers << " | " << bad.readout << " was accepted";
    } catch (const ConfigError& error) {
      EXPECT_NE(std::string(error.what()).find(bad.message), std::string::npos) << error.what();
    }
  }
}

TEST(Architecture, a_width_of_W_needs_a_default) {
  EXPECT_THROW(parse_architecture("fc:W", "dense", tanh_of_width(0)), ConfigError);
}

TEST(AffineMaps, stand_behind_each_other_in_theta) {
  Architecture architecture =
      parse("fc:5:bias=zero:sigma_b=2, fc:3:trained=no", "dense:bias=random:sigma_b=0.5:sigma_w=3");
  architecture.input_dimension = 4;

  const std::vector<AffineMap> maps = affine_maps(architecture);

  ASSERT_EQ(maps.size(), 3u);
  EXPECT_EQ(maps[0].weights_at, 0);
  EXPECT_EQ(maps[0].bias_at, 20);
  EXPECT_EQ(maps[1].weights_at, 25);
  EXPECT_FALSE(maps[1].bias_at);
  EXPECT_EQ(maps[2].weights_at, 40);
  EXPECT_EQ(maps[2].bias_at, 43);
  EXPECT_EQ(maps[2].parameters_end(), 44);
  EXPECT_EQ(maps[0].weight_scale, 0.5);
  EXPECT_EQ(maps[0].bias_scale, 2.0);
  EXPECT_FALSE(maps[1].weights_trained);
  EXPECT_DOUBLE_EQ(maps[2].weight_scale, 3.0 / std::sqrt(3.0));
  EXPECT_EQ(maps[2].outputs, 1);
}

TEST(AffineMaps, fan_decides_the_weight_scale) {
  for (const auto& [fan, scale] : {std::pair{"channels", 0.5}, {"fan_in", 0.5}, {"one", 1.0}}) {
    Architecture architecture = parse(std::string("fc:7:fan=") + fan);
    architecture.input_dimension = 4;

    EXPECT_EQ(affine_maps(architecture)[0].weight_scale, scale) << fan;
  }
}

}  // namespace
}  // namespace ntkflow
