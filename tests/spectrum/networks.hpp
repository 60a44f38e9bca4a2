#pragma once

// Limit kernels of dense ReLU networks, by the texts of their layers.

#include "support/kernels.hpp"

#include <memory>
#include <string_view>

namespace ntkflow {

/// A two-layer network of which only the first layer trains, with its bias from zero: on the unit
/// circle its kernel is relu_circle_kernel() ([B20] equation 11).
inline constexpr std::string_view first_layer_only =
    "fc:8:fan=one:sigma_w=0.7071067811865476:sigma_b=0.7071067811865476:bias=zero";

inline std::shared_ptr<const Kernel> relu_ntk(std::string_view layers,
                                              std::string_view readout = "dense",
                                              Index dimension = 2) {
  return make_analytic_kernel(make_architecture(layers, readout, "relu", dimension),
                              AnalyticKind::ntk);
}

/// The kernel of [B20], as a network.
inline std::shared_ptr<const Kernel> first_layer_ntk(Index dimension = 2) {
  return relu_ntk(first_layer_only, "dense:trained=no", dimension);
}

}  // namespace ntkflow
