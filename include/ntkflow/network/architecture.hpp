#pragma once

#include "ntkflow/base/sample_shape.hpp"
#include "ntkflow/base/types.hpp"
#include "ntkflow/network/activation.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ntkflow {

enum class LayerKind { dense, convolution, flatten, average_pool, max_pool };

/// What a convolution sees beyond the border: zeros, or the opposite side.
enum class Padding { same, circular };

/// identity: a residual layer, alpha = omega(h) + alpha_below.
enum class Skip { none, identity };

/// One weight per number of a vector; per channel and position of a grid; or per channel, applied
/// to the mean over positions. On a vector the three are the same.
enum class ReadoutKind { dense, flatten, average };

/// Divisor F of a flatten readout: m_L P (channels times positions), or m_L.
enum class FlattenNorm { channels_positions, channels };

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

/// One hidden layer. Dense and convolution: affine map, then activation, then the skip. Flatten
/// makes a vector of a grid, in the order of memory; a pool takes the mean or the maximum of each
/// channel over disjoint windows. These three have no parameters and ignore all but `filter`.
struct Layer {
  LayerKind kind = LayerKind::dense;
  Index width = 0;   ///< channels of the output
  IndexList filter;  ///< taps in each dimension of the grid, odd; of a pool its window
  Padding padding = Padding::same;
  Skip skip = Skip::none;
  const Activation* activation = nullptr;
  Fan fan = Fan::channels;
  ParameterSpec parameters;

  /// Whether it has an affine map and an activation.
  bool is_affine() const { return kind == LayerKind::dense || kind == LayerKind::convolution; }
};

/// The last layer, f = sigma_w / sqrt(F) <v, a> + sigma_b b.
struct Readout {
  ReadoutKind kind = ReadoutKind::dense;
  FlattenNorm norm = FlattenNorm::channels_positions;
  WeightLaw law = WeightLaw::normal;
  ParameterSpec parameters;
};

/// What a network is, without its weights.
struct Architecture {
  SampleShape input;
  std::vector<Layer> layers;
  Readout readout;
};

/// Shapes of alpha^(0) .. alpha^(L). Entry 0 is the input as the first layer sees it: a dense layer
/// sees an input with a grid as one vector, in the order of memory.
/// Throws: ConfigError for combinations that cannot be, with the reason: no layer with weights, a
/// convolution or pool without a grid of its filter's rank, an even filter, a window that does not
/// divide the grid, a dense layer or dense readout on a grid, a residual layer that is the first
/// with weights or changes the shape.
std::vector<SampleShape> layer_shapes(const Architecture& architecture);

/// What a layer, and the readout, have where their own text does not say otherwise. A default fan
/// of `one` is for the first layer with weights; the others then have `channels`.
using LayerDefaults = Layer;

/// Reads layers `fc:W, fc:64:sigma_w=1.41:sigma_b=0.1:bias=zero:fan=one:trained=no:activation=erf`,
/// `conv:64:3x3:circular`, `residual:64:3x3`, `residual:W`, `avgpool:2x2`, `maxpool:2x2`, `flatten`
/// and a readout `dense:init=signs:trained=no:sigma_w=1`, `flatten:norm=channels` or `average`. A
/// width written W is defaults.width. trained is yes, no, weights or bias. The input stays empty:
/// the points decide it.
/// Throws: ConfigError that names the piece of text and what is allowed; also where no input fits.
Architecture parse_architecture(std::string_view layers, std::string_view readout,
                                const LayerDefaults& defaults);

/// One affine map, h = weight_scale W a + bias_scale b, and where it stands in theta. W has one
/// matrix outputs x inputs a tap: of a convolution the filter's, of a flatten readout one for each
/// position of the grid.
struct AffineMap {
  Index inputs = 0;   ///< channels below
  Index outputs = 0;  ///< channels
  Index taps = 1;
  double weight_scale = 1.0;  ///< sigma_w / sqrt(F)
  double bias_scale = 0.0;    ///< sigma_b; 0 without a bias
  WeightLaw law = WeightLaw::normal;
  Bias bias = Bias::none;
  bool weights_trained = true;
  bool bias_trained = false;     ///< false without a bias
  Index weights_at = 0;          ///< first entry of W in theta; (outputs, inputs, taps), row-major
  std::optional<Index> bias_at;  ///< first entry of b, right behind W; nothing without a bias

  Index weight_count() const { return outputs * inputs * taps; }
  Index parameters_end() const { return weights_at + weight_count() + (bias_at ? outputs : 0); }
};

/// Each layer's map and, last, the readout's (one output), in the order of theta. A layer without
/// parameters has an empty map: no outputs, nothing trained.
/// Throws: ConfigError as layer_shapes() does, and for a width below 1, `fan = one` behind the
/// first map, a bias without sigma_b or the reverse.
std::vector<AffineMap> affine_maps(const Architecture& architecture);

}  // namespace ntkflow
