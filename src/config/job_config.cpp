#include "ntkflow/config/job_config.hpp"

namespace ntkflow {

Architecture architecture_of(const NetworkSpec& network) {
  LayerDefaults defaults;
  defaults.width = network.width;
  defaults.activation = &activation(network.activation);
  defaults.fan = network.fan;
  defaults.parameters.sigma_w = network.sigma_w;
  defaults.parameters.sigma_b = network.sigma_b;
  defaults.parameters.bias = network.bias;
  defaults.parameters.weights_trained =
      network.trained == Trained::yes || network.trained == Trained::weights;
  defaults.parameters.bias_trained =
      network.trained == Trained::yes || network.trained == Trained::bias;
  return parse_architecture(network.layers, network.readout, defaults);
}

}  // namespace ntkflow
