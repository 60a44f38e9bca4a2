#include "ntkflow/config/check_job.hpp"

#include "ntkflow/config/key_error.hpp"
#include "ntkflow/config/key_table.hpp"
#include "ntkflow/config/snapshot_times.hpp"
#include "ntkflow/input/fourier_series.hpp"

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

void check_target(const JobConfig& job) {
  const auto need = [&](TargetKind kind, const char* advice) {
    if (job.target.kind != kind && job.target.kind != TargetKind::none)
      throw KeyError("target.kind", job, advice);
  };
  switch (job.input.space) {
    case Space::circle:
      return need(TargetKind::cosines, "need cosines with input.space = circle");
    case Space::sphere:
      return need(TargetKind::harmonics, "need harmonics with input.space = sphere");
    case Space::dataset:
      return need(TargetKind::labels, "need labels with input.space = dataset");
    case Space::points:
      return need(TargetKind::file, "need file with input.space = points");
  }
}

void check_reference(const JobConfig& job) {
  const ReferenceRule rule = job.reference.rule;
  const auto refuse = [&](const char* advice) { throw KeyError("reference.rule", job, advice); };
  if (job.input.space == Space::circle && rule == ReferenceRule::all)
    refuse("need quadrature or sample with input.space = circle");
  if (job.input.space == Space::dataset && rule == ReferenceRule::quadrature)
    refuse("need sample or all with input.space = dataset");
  if (job.input.space != Space::sphere) return;
  if (rule == ReferenceRule::all) refuse("need quadrature or sample with input.space = sphere");
  if (rule == ReferenceRule::quadrature && job.input.sphere_dimension > 3)
    refuse("need sample with input.dimension > 3, where there is no quadrature");
}

void check_piecewise(const JobConfig& job) {
  const std::vector<double>& edges = job.input.edges;
  if (edges.back() >= edges.front() + 2 * std::numbers::pi)
    throw KeyError("input.edges", job, "need angles less than 2 pi apart");
  if (job.input.weights.size() != edges.size())
    throw KeyError("input.weights", job,
                   fmt::format("need as many values as input.edges, {}", edges.size()));
}

void check_fourier(const JobConfig& job) {
  const InputSpec& input = job.input;
  if (input.cosines.empty() && input.sines.empty())
    throw KeyError("input.density", job, "need input.cos or input.sin with it");
  if (!FourierSeries(input.cosines, input.sines).is_positive())
    throw KeyError(input.cosines.empty() ? "input.sin" : "input.cos", job,
                   "need a density that is positive everywhere");
}

void check_density(const JobConfig& job) {
  const Density density = job.input.density;
  if (job.input.space == Space::circle) {
    if (density == Density::hemispheres)
      throw KeyError("input.density", job, "need uniform, piecewise or fourier with the circle");
    if (density == Density::piecewise) check_piecewise(job);
    if (density == Density::fourier) check_fourier(job);
  } else if (job.input.space == Space::sphere) {
    if (density != Density::uniform && density != Density::hemispheres)
      throw KeyError("input.density", job, "need uniform or hemispheres with the sphere");
    if (job.input.sphere_dimension < 2) throw KeyError("input.dimension", job, "need >= 2");
  }
}

template <typename T>
void check_equal_count(const std::string& key, const std::vector<T>& values, const char* other,
                       const std::vector<Index>& wanted, const JobConfig& job) {
  if (!values.empty() && values.size() != wanted.size())
    throw KeyError(key, job, fmt::format("need as many values as {}, {}", other, wanted.size()));
}

void check_cosines(const JobConfig& job) {
  const TargetSpec& target = job.target;
  if (job.input.space != Space::circle) return;
  check_equal_count("target.phases", target.phases, "target.frequencies", target.frequencies, job);
  check_equal_count("target.amplitudes", target.amplitudes, "target.frequencies",
                    target.frequencies, job);
}

void check_harmonics(const JobConfig& job) {
  const TargetSpec& target = job.target;
  if (job.input.space != Space::sphere) return;
  check_equal_count("target.orders", target.orders, "target.degrees", target.degrees, job);
  check_equal_count("target.amplitudes", target.amplitudes, "target.degrees", target.degrees, job);
  for (std::size_t j = 0; j < target.orders.size(); ++j) {
    if (std::abs(target.orders[j]) > target.degrees[j])
      throw KeyError("target.orders", job, "need orders from -degree to degree");
    if (target.orders[j] != 0 && job.input.sphere_dimension != 3)
      throw KeyError("target.orders", job, "need 0 unless input.dimension = 3");
  }
}

void check_classes(const JobConfig& job) {
  if (job.input.space != Space::dataset) return;
  const std::vector<Index>& classes = job.input.classes;
  std::vector<Index> ascending = classes;
  std::ranges::sort(ascending);
  if (std::ranges::adjacent_find(ascending) != ascending.end())
    throw KeyError("input.classes", job, "need different classes");
  const std::vector<Index>& positive = job.target.positive;
  if (job.target.kind == TargetKind::labels && positive.empty() && classes.size() != 2)
    throw KeyError("input.classes", job,
                   "need two classes with target.kind = labels, or target.positive");
  if (positive.empty() || classes.empty()) return;
  const auto is_in = [](const std::vector<Index>& list) {
    return [&list](Index label) { return std::ranges::find(list, label) != list.end(); };
  };
  if (!std::ranges::all_of(positive, is_in(classes)) ||
      std::ranges::all_of(classes, is_in(positive)))
    throw KeyError("target.positive", job, "need some of input.classes, but not all");
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
  check_target(job);
  check_reference(job);
  check_density(job);
  check_cosines(job);
  check_harmonics(job);
  check_classes(job);
  check_bias(job);
  check_network(job);
  check_times(job);
}

}  // namespace ntkflow
