#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/network/activation.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// Divisor F of a layer's pre-activation, h = sigma_w / sqrt(F) W a + sigma_b b: the number of
/// input channels [BM22]; channels times filter size; or 1 (first layer only) [B20].
enum class Fan { channels, fan_in, one };
enum class Bias { none, random, zero };
enum class WeightLaw { normal, signs };

/// Scale, start and training of one affine map's parameters.
struct ParameterSpec {
  double sigma_w = 1.0;
  double sigma_b = 0.0;
  Bias bias = Bias::none;  ///< absent, trained from N(0,1), or trained from zero
  bool weights_trained = true;
  bool bias_trained = true;
};

/// One hidden layer: affine map, then activation.
struct Layer {
  Index width = 0;
  const Activation* activation = nullptr;
  Fan fan = Fan::channels;
  ParameterSpec parameters;
};

/// The last layer, f = sigma_w / sqrt(m_L) <v, a> + sigma_b b.
struct Readout {
  WeightLaw law = WeightLaw::normal;
  ParameterSpec parameters;
};

/// What a fully connected network is, without its weights.
struct Architecture {
  Index input_dimension = 0;
  std::vector<Layer> layers;
  Readout readout;
};

/// What a layer has when its own text does not say otherwise.
struct LayerDefaults {
  Index width = 0;
  const Activation* activation = nullptr;
  Fan fan = Fan::channels;
  ParameterSpec parameters;
};

/// Reads `fc:W, fc:64:sigma_w=1.41:bias=zero:fan=one:trained=no:activation=erf` and a readout
/// `dense:init=signs:trained=no:sigma_w=1`. A width written W is defaults.width. trained is yes, no,
/// weights or bias. input_dimension stays 0: the points decide it.
/// Throws: ConfigError that names the piece of text and what is allowed.
Architecture parse_architecture(std::string_view layers, std::string_view readout,
                                const LayerDefaults& defaults);

}  // namespace ntkflow
