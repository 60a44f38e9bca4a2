#include "ntkflow/config/check_job.hpp"

#include "ntkflow/config/key_error.hpp"
#include "ntkflow/config/key_table.hpp"
#include "ntkflow/config/snapshot_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

namespace ntkflow {
namespace {

void check_required(const JobConfig& job) {
  for (const Key& key : key_table())
    if (key.is_required && key.applies_to(job) && key.text(job).empty())
      throw KeyError(key.name, job,
                     fmt::format("need {}{}", key.needed,
                                 key.condition ? " when " + key.condition->text : ""));
}

void check_step(const JobConfig& job) {
  if (job.flow.integrator == IntegratorKind::gradient_descent && job.flow.step == 0)
    throw KeyError("flow.step", job, "need a number > 0 when flow.integrator = gradient_descent");
}

void check_target(const JobConfig& job) {
  const auto need = [&](TargetKind kind, const char* advice) {
    if (job.target.kind != kind) throw KeyError("target.kind", job, advice);
  };
  switch (job.input.space) {
    case Space::circle:
      return need(TargetKind::cosines, "need cosines with input.space = circle");
    case Space::dataset:
      return need(TargetKind::labels, "need labels with input.space = dataset");
    case Space::points:
      return need(TargetKind::file, "need file with input.space = points");
  }
}

void check_reference(const JobConfig& job) {
  const ReferenceRule rule = job.reference.rule;
  if (job.input.space == Space::circle && rule == ReferenceRule::all)
    throw KeyError("reference.rule", job, "need quadrature or sample with input.space = circle");
  if (job.input.space == Space::dataset && rule == ReferenceRule::quadrature)
    throw KeyError("reference.rule", job, "need sample or all with input.space = dataset");
}

void check_density(const JobConfig& job) {
  const std::vector<double>& edges = job.input.edges;
  if (edges.empty()) return;
  if (edges.back() >= edges.front() + 2 * std::numbers::pi)
    throw KeyError("input.edges", job, "need angles less than 2 pi apart");
  if (job.input.weights.size() != edges.size())
    throw KeyError("input.weights", job,
                   fmt::format("need as many values as input.edges, {}", edges.size()));
}

void check_cosines(const JobConfig& job) {
  const TargetSpec& target = job.target;
  if (!target.amplitudes.empty() && target.amplitudes.size() != target.frequencies.size())
    throw KeyError(
        "target.amplitudes", job,
        fmt::format("need as many values as target.frequencies, {}", target.frequencies.size()));
}

void check_classes(const JobConfig& job) {
  const std::vector<Index>& classes = job.input.classes;
  if (job.input.space == Space::dataset && (classes.size() != 2 || classes[0] == classes[1]))
    throw KeyError("input.classes", job, "need two different classes with target.kind = labels");
}

// architecture_of() sees this too, but cannot point to the key that all layers have it from.
void check_bias(const JobConfig& job) {
  const NetworkSpec& network = job.network;
  const bool has_options = (network.layers + network.readout).find('=') != std::string::npos;
  const bool has_bias = network.bias != Bias::none, has_scale = network.sigma_b > 0;
  if (has_options || has_bias == has_scale) return;
  if (has_scale)
    throw KeyError("network.sigma_b", job, "need network.bias = random or zero with it");
  throw KeyError("network.bias", job, "need network.sigma_b > 0 with it");
}

// The parts are read one after the other, so that the message points to the right line.
void check_network(const JobConfig& job) {
  NetworkSpec hidden_only = job.network;
  hidden_only.readout = "average:bias=none:sigma_b=0";
  const auto read = [&](const NetworkSpec& network, const std::string& key) {
    try {
      return architecture_of(network);
    } catch (const ConfigError& error) {
      throw KeyError(key, job, error.what());
    }
  };
  read(hidden_only, "network.layers");
  const Architecture network = read(job.network, "network.readout");

  const auto moves = [](const ParameterSpec& map) {
    return map.weights_trained || (map.bias != Bias::none && map.bias_trained);
  };
  if (!moves(network.readout.parameters) &&
      std::ranges::none_of(network.layers, moves, &Layer::parameters))
    throw KeyError("network.trained", job, "need at least one trained parameter");
}

void check_sigma(const std::string& key, const TimeSpec& time, const JobConfig& job) {
  if (time.sigma > job.eigenpairs)
    throw KeyError(key, job,
                   fmt::format("need sigma[i] with i <= reference.eigenpairs, {}", job.eigenpairs));
}

void check_times(const JobConfig& job) {
  const FlowSpec& flow = job.flow;
  const bool has_first = flow.times.empty() && flow.spacing == Spacing::log && flow.snapshots > 1;
  const TimeSpec first = has_first ? flow.t_first : flow.t_end;
  check_sigma("flow.t_end", flow.t_end, job);
  check_sigma("flow.t_first", first, job);
  if (!flow.times.empty() || (flow.t_end.sigma == 0 && first.sigma == 0))
    snapshot_times(flow, {});
  else if (has_first && first.sigma == flow.t_end.sigma && first.factor >= flow.t_end.factor)
    throw KeyError("flow.t_first", job, "need less than flow.t_end");
}

}  // namespace

void check_job(const JobConfig& job) {
  check_required(job);
  check_step(job);
  check_target(job);
  check_reference(job);
  check_density(job);
  check_cosines(job);
  check_classes(job);
  check_bias(job);
  check_network(job);
  check_times(job);
}

}  // namespace ntkflow
