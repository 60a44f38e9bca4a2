#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/network/activation.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ntkflow {

/// Divisor F of a layer's pre-activation, h = sigma_w / sqrt(F) W a + sigma_b b: the number of
/// input channels [BM22]; channels times filter size (the same for a dense layer); or 1 (first
/// layer only) [B20].
enum class Fan { channels, fan_in, one };
enum class Bias { none, random, zero };
enum class WeightLaw { normal, signs };

/// Scale, start and training of one affine map's parameters.
struct ParameterSpec {
  double sigma_w = 1.0;
  double sigma_b = 0.0;
  Bias bias = Bias::none;  ///< absent, started from N(0,1), or started from zero
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

/// What a layer, and the readout, have where their own text does not say otherwise. A default fan
/// of `one` is for the first layer; the others then have `channels`.
using LayerDefaults = Layer;

/// Reads `fc:W, fc:64:sigma_w=1.41:sigma_b=0.1:bias=zero:fan=one:trained=no:activation=erf` and a
/// readout `dense:init=signs:trained=no:sigma_w=1`. A width written W is defaults.width. trained is
/// yes, no, weights or bias. input_dimension stays 0: the points decide it.
/// Throws: ConfigError that names the piece of text and what is allowed.
Architecture parse_architecture(std::string_view layers, std::string_view readout,
                                const LayerDefaults& defaults);

/// One affine map, h = weight_scale W a + bias_scale b, and where it stands in theta.
struct AffineMap {
  Index inputs = 0;
  Index outputs = 0;
  double weight_scale = 1.0;  ///< sigma_w / sqrt(F)
  double bias_scale = 0.0;    ///< sigma_b; 0 without a bias
  WeightLaw law = WeightLaw::normal;
  Bias bias = Bias::none;
  bool weights_trained = true;
  bool bias_trained = false;     ///< false without a bias
  Index weights_at = 0;          ///< first entry of W in theta; outputs x inputs, row-major
  std::optional<Index> bias_at;  ///< first entry of b, right behind W; nothing without a bias

  Index parameters_end() const { return weights_at + outputs * inputs + (bias_at ? outputs : 0); }
};

/// The hidden layers' maps and, last, the readout's (one output), in the order of theta.
/// Throws: ConfigError for an architecture that cannot be: no layer, a width or input dimension
/// below 1, `fan = one` behind the first layer, a bias without sigma_b or the reverse.
std::vector<AffineMap> affine_maps(const Architecture& architecture);

}  // namespace ntkflow
