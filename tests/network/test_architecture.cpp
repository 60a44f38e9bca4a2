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
      {"fc:8,,fc:8", "dense", "'': type = ''"},
      {"cf:8", "dense", "'cf:8': type = 'cf' (did you mean 'fc'?); allowed: fc, conv"},
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
      {"fc:8:activation=leaky_relu:x", "dense", "need a number behind the colon"},
      {"fc:8:activation=relu:0.1", "dense", "relu has no parameter"},
      {"fc:8", "", "'': type = ''"},
      {"fc:8", "gap", "type = 'gap'; allowed: dense, flatten, average"},
      {"fc:8", "dense:norm=channels", "unknown option 'norm'"},
      {"conv:8:3", "flatten:norm=positions", "allowed: channels, channels_positions"},
      {"conv:8", "average", "a convolution needs a filter"},
      {"conv:8:3x4", "average", "filter '3x4', need odd numbers of taps"},
      {"conv:8:3x3x3", "average", "has more than two dimensions"},
      {"conv:8:0", "average", "'0', need whole numbers >= 1"},
      {"conv:8:3:zeros", "average", "padding = 'zeros'; allowed: same, circular"},
      {"conv:8:3:same:4", "average", "'4' is no option"},
      {"conv:8:3, conv:8:3x3", "average", "layer 2: a filter of 3x3 on a grid of 1"},
      {"conv:8:3", "dense", "readout: dense sees a vector, and below it there is a grid"},
      {"conv:8:3, fc:8", "dense", "layer 2: a dense layer sees a vector"},
      {"fc:8, conv:8:3", "average", "layer 2: a filter needs a grid"},
      {"fc:8, flatten", "dense", "layer 2: flatten needs a grid"},
      {"fc:8, maxpool:2", "dense", "layer 2: a window needs a grid"},
      {"avgpool", "average", "a pool needs a window"},
      {"avgpool:2:sigma_w=1", "average", "a layer without weights has no options"},
      {"avgpool:2", "average", "at least one hidden layer"},
      {"residual:8", "dense", "layer 1: the first layer with weights cannot be residual"},
      {"avgpool:2, residual:1:3", "average", "layer 2: the first layer with weights"},
      {"flatten, residual:8", "dense", "layer 2: the first layer with weights"},
      {"conv:8:3, flatten, residual:9, residual:8", "dense", "layer 4: a residual layer keeps"},
      {"fc:8, residual:9", "dense", "layer 2: a residual layer keeps the number of channels: 9"},
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

TEST(Architecture, every_kind_of_layer_can_be_written) {
  const Architecture parsed = parse(
      "conv:16:3x5:circular:activation=leaky_relu:0.2:sigma_w=2, residual:16:3x3, avgpool:2x2, "
      "maxpool:2x1, flatten, fc:W, residual:W",
      "dense");

  const std::vector<Layer>& layers = parsed.layers;
  ASSERT_EQ(layers.size(), 7u);
  EXPECT_EQ(layers[0].kind, LayerKind::convolution);
  EXPECT_EQ(layers[0].width, 16);
  EXPECT_EQ(layers[0].filter, (IndexList{3, 5}));
  EXPECT_EQ(layers[0].padding, Padding::circular);
  EXPECT_EQ(layers[0].activation, &activation("leaky_relu:0.2"));
  EXPECT_EQ(layers[0].parameters.sigma_w, 2.0);
  EXPECT_EQ(layers[1].kind, LayerKind::convolution);
  EXPECT_EQ(layers[1].skip, Skip::identity);
  EXPECT_EQ(layers[1].padding, Padding::same);
  EXPECT_EQ(layers[2].kind, LayerKind::average_pool);
  EXPECT_EQ(layers[3].kind, LayerKind::max_pool);
  EXPECT_EQ(layers[3].filter, (IndexList{2, 1}));
  EXPECT_EQ(layers[4].kind, LayerKind::flatten);
  EXPECT_EQ(layers[6].kind, LayerKind::dense);
  EXPECT_EQ(layers[6].skip, Skip::identity);
}

TEST(Architecture, readouts_of_a_grid_can_be_written) {
  EXPECT_EQ(parse("conv:4:3", "average").readout.kind, ReadoutKind::average);
  EXPECT_EQ(parse("conv:4:3", "flatten").readout.norm, FlattenNorm::channels_positions);
  EXPECT_EQ(parse("conv:4:3", "flatten:norm=channels").readout.norm, FlattenNorm::channels);
}

TEST(Architecture, shapes_follow_the_layers) {
  Architecture lenet = parse("conv:6:5x5, avgpool:2x2, conv:16:5x5, maxpool:2x7, flatten, fc:120");
  lenet.input = {{28, 28}, 1};

  const std::vector<SampleShape> expected = {{{28, 28}, 1},  {{28, 28}, 6}, {{14, 14}, 6},
                                             {{14, 14}, 16}, {{7, 2}, 16},  {{}, 224},
                                             {{}, 120}};
  EXPECT_EQ(layer_shapes(lenet), expected);
}

TEST(Architecture, a_dense_first_layer_sees_a_grid_as_a_vector) {
  Architecture architecture = parse("fc:3");
  architecture.input = {{4, 5}, 2};

  EXPECT_EQ(layer_shapes(architecture)[0], SampleShape::vector(40));
  EXPECT_EQ(affine_maps(architecture)[0].inputs, 40);
}

TEST(Architecture, a_residual_layer_keeps_the_numbers_of_a_flattened_grid) {
  Architecture architecture = parse("conv:2:3, flatten, residual:8, residual:8");
  architecture.input = {{4}, 1};

  EXPECT_EQ(layer_shapes(architecture).back(), SampleShape::vector(8));
}

TEST(Architecture, points_that_do_not_fit_are_errors) {
  struct {
    const char* layers;
    SampleShape input;
    const char* message;
  } const cases[] = {
      {"conv:4:3x3", SampleShape::vector(9), "layer 1: a filter needs a grid"},
      {"conv:4:3x3", {{9}, 1}, "layer 1: a filter of 3x3 on a grid of 9"},
      {"conv:4:3x3, avgpool:2x2",
       {{6, 7}, 1},
       "layer 2: windows of 2x2 do not divide a grid of 6x7"},
      {"conv:4:3, flatten, residual:4", {{5}, 1}, "layer 3: a residual layer keeps the number"},
      {"conv:4:3", {{0}, 1}, "extent of the input's grid = 0"},
      {"conv:4:3", {{5}, 0}, "input channels = 0"},
      {"conv:2000000000:3", {{5}, 1}, "layer 1: 2000000000 channels at 5 positions are more than"},
  };
  for (const auto& bad : cases) {
    Architecture architecture = parse(bad.layers, "average");
    architecture.input = bad.input;
    try {
      affine_maps(architecture);
      ADD_FAILURE() << bad.layers << " was accepted";
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
  architecture.input = SampleShape::vector(4);

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

TEST(AffineMaps, layers_without_weights_have_empty_maps) {
  Architecture architecture = parse("avgpool:2, conv:3:5:sigma_b=1:bias=zero, flatten, fc:7");
  architecture.input = {{4}, 2};

  const std::vector<AffineMap> maps = affine_maps(architecture);

  ASSERT_EQ(maps.size(), 5u);
  EXPECT_EQ(maps[0].parameters_end(), 0);
  EXPECT_FALSE(maps[0].weights_trained || maps[0].bias_trained);
  EXPECT_EQ(maps[1].taps, 5);
  EXPECT_EQ(maps[1].weight_count(), 30);
  EXPECT_EQ(maps[1].bias_at, 30);
  EXPECT_EQ(maps[2].parameters_end(), 33);
  EXPECT_EQ(maps[3].weights_at, 33);
  EXPECT_EQ(maps[3].inputs, 6);
  EXPECT_EQ(maps[4].weights_at, 33 + 42);
}

TEST(AffineMaps, readouts_of_a_grid_are_divided_by_what_their_norm_says) {
  struct {
    const char* readout;
    Index weights;
    double divisor;
  } const cases[] = {
      {"flatten", 24, 24.0}, {"flatten:norm=channels", 24, 4.0}, {"average", 4, 4.0}};
  for (const auto& c : cases) {
    Architecture architecture = parse("conv:4:3x3", c.readout);
    architecture.input = {{2, 3}, 1};

    const AffineMap map = affine_maps(architecture).back();

    EXPECT_EQ(map.weight_count(), c.weights) << c.readout;
    EXPECT_DOUBLE_EQ(map.weight_scale, 1.0 / std::sqrt(c.divisor)) << c.readout;
  }
}

TEST(AffineMaps, fan_of_a_convolution_counts_its_taps_or_not) {
  for (const auto& [fan, divisor] : {std::pair{"channels", 2.0}, {"fan_in", 30.0}, {"one", 1.0}}) {
    Architecture architecture = parse(std::string("conv:7:3x5:fan=") + fan, "average");
    architecture.input = {{6, 6}, 2};

    EXPECT_DOUBLE_EQ(affine_maps(architecture)[0].weight_scale, 1.0 / std::sqrt(divisor)) << fan;
  }
}

TEST(AffineMaps, fan_decides_the_weight_scale) {
  for (const auto& [fan, scale] : {std::pair{"channels", 0.5}, {"fan_in", 0.5}, {"one", 1.0}}) {
    Architecture architecture = parse(std::string("fc:7:fan=") + fan);
    architecture.input = SampleShape::vector(4);

    EXPECT_EQ(affine_maps(architecture)[0].weight_scale, scale) << fan;
  }
}

}  // namespace
}  // namespace ntkflow
