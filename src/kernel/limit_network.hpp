#pragma once

#include "kernel/dual.hpp"
#include "ntkflow/network/architecture.hpp"

#include <vector>

namespace ntkflow {

/// A grid of positions with at most two dimensions; a vector has one position.
struct Lattice {
  Index rows = 1;
  Index columns = 1;

  Index count() const { return rows * columns; }
  friend bool operator==(const Lattice&, const Lattice&) = default;
};

/// One affine map in the limit of infinite width, Lambda = gain S[A] + bias_variance and
/// T = weights_tangent gain S[A] + bias_tangent + gain S[B].
struct AffineLimit {
  double gain = 1.0;             ///< s = sigma_w^2 m / F
  double bias_variance = 0.0;    ///< sigma_b^2; 0 for a bias that starts at zero
  double weights_tangent = 1.0;  ///< 1 if the weights train, otherwise 0
  double bias_tangent = 0.0;     ///< sigma_b^2 if the bias trains, otherwise 0
};

/// A layer with weights: affine map, activation, perhaps a skip.
struct LimitLayer {
  AffineLimit affine;
  Lattice taps;  ///< 1 x 1 for a dense layer
  Padding padding = Padding::same;
  Skip skip = Skip::none;
  LayerDual dual;
  bool is_homogeneous = false;  ///< of the activation: ReLU and its family
};

/// How a level begins: with the input, with the mean over all positions (flatten), or with the
/// means over windows (average pooling).
enum class LevelStart { input, flatten, average_pool };

/// Layers on one lattice.
struct Level {
  LevelStart start = LevelStart::input;
  Lattice window;  ///< of a pool
  Lattice lattice;
  std::vector<LimitLayer> layers;
};

/// An architecture at infinite width.
struct LimitNetwork {
  Index input_channels = 0;
  std::vector<Level> levels;
  AffineLimit readout;
  ReadoutKind readout_kind = ReadoutKind::dense;
  bool has_skips = false;
  bool on_vectors = false;  ///< every layer sees a vector

  /// Throws: ConfigError for an architecture that cannot be, or has no limit (max pooling).
  explicit LimitNetwork(const Architecture& architecture);

  const Level& input() const { return levels.front(); }
  const Level& top() const { return levels.back(); }
  Index input_size() const { return input_channels * input().lattice.count(); }
};

}  // namespace ntkflow
