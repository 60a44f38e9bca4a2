#include "ntkflow/config/assumptions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

using Sentences = std::vector<std::string>;

template <typename Holds>
bool any_map(const Architecture& network, Holds holds) {
  return holds(network.readout.parameters) ||
         std::ranges::any_of(network.layers, holds, &Layer::parameters);
}

// The first layer that is not smooth, in the words of a job file; empty when all are.
std::string first_kink(const Architecture& network) {
  for (const Layer& layer : network.layers) {
    if (layer.kind == LayerKind::max_pool) return "layer maxpool";
    if (!layer.is_affine()) continue;
    const auto slopes = layer.activation->slopes();
    if (slopes && slopes->negative != slopes->positive)
      return fmt::format("activation {}", layer.activation->name());
  }
  return "";
}

void judge_layers(const Architecture& network, Sentences& unmet) {
  if (const std::string kink = first_kink(network); !kink.empty())
    unmet.push_back(fmt::format(
        "The {} has a kink; the theorem asks for bounded first and second derivatives.", kink));
  if (std::ranges::any_of(network.layers, [](const Layer& l) { return !l.is_affine(); }))
    unmet.push_back("Some layers have no weights (a pool or flatten); the theorem's all have.");
}

void judge_parametrisation(const Architecture& network, Sentences& unmet) {
  if (any_map(network, [](const ParameterSpec& map) { return map.bias != Bias::none; }))
    unmet.push_back("The network has biases; the theorem's has none.");
  if (any_map(network, [](const ParameterSpec& map) { return map.sigma_w != 1; }))
    unmet.push_back("Some sigma_w is not 1; the theorem's layers are omega(W a / sqrt(m)).");
  if (std::ranges::any_of(network.layers, [](const Layer& l) { return l.fan == Fan::one; }))
    unmet.push_back(
        "The first layer is not divided by the square root of the input dimension (fan = one); the "
        "theorem's is.");
}

void judge_start(const JobConfig& job, const Architecture& network, Sentences& unmet) {
  if (job.network.weights.given())
    unmet.push_back("theta_0 is read from a file; the theorem draws it from N(0,1).");
  else if (network.readout.law == WeightLaw::signs)
    unmet.push_back("The readout's weights are random signs; the theorem draws them from N(0,1).");
  if (job.network.start == Start::standard)
    unmet.push_back(
        "f(.; theta_0) is not 0; the theorem makes it 0 by antisymmetric initialisation.");
  if (job.network.start == Start::centred)
    unmet.push_back(
        "f is made 0 at the start by subtracting f(.; theta_0); the theorem does it by "
        "antisymmetric "
        "initialisation.");
}

void judge_training(const JobConfig& job, const Architecture& network, Sentences& unmet) {
  const auto is_frozen = [](const ParameterSpec& map) {
    return !map.weights_trained || (map.bias != Bias::none && !map.bias_trained);
  };
  if (any_map(network, is_frozen))
    unmet.push_back("Some parameters are not trained; the theorem trains all of them.");
  if (job.flow.integrator == IntegratorKind::gradient_descent)
    unmet.push_back(
        "Training is gradient descent in finite steps; the theorem is about the gradient flow.");
}

void judge_data(const JobConfig& job, Sentences& unmet) {
  if (job.input.space == Space::dataset)
    unmet.push_back(
        "The training images are drawn without replacement from a finite data set; the theorem's "
        "points "
        "are independent draws from rho.");
  if (job.training.rule == TrainingRule::reference)
    unmet.push_back(
        "Training is on the weighted reference points; the theorem's training points are "
        "independent "
        "draws from rho.");
  if (job.target.noise > 0)
    unmet.push_back("The training targets carry noise; the theorem's are f* itself.");
  if (job.input.space == Space::points)
    unmet.push_back(
        "The training points come from a file; the program cannot know that they are independent "
        "draws "
        "from rho.");
}

}  // namespace

std::vector<std::string> unmet_assumptions(const JobConfig& job) {
  const Architecture network = architecture_of(job.network);
  Sentences unmet;
  judge_layers(network, unmet);
  judge_parametrisation(network, unmet);
  judge_start(job, network, unmet);
  judge_training(job, network, unmet);
  judge_data(job, unmet);
  return unmet;
}

}  // namespace ntkflow
