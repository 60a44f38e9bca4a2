#pragma once

#include "network/layer_pass.hpp"

#include <memory>

namespace ntkflow {

/// The pass of a pool or of flatten, which have no parameters and no activation.
std::unique_ptr<LayerPass> make_plain_pass(const Layer& layer, const SampleShape& below);

}  // namespace ntkflow
