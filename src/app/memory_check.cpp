#include "ntkflow/app/memory_check.hpp"

#include "ntkflow/app/cost_model.hpp"
#include "ntkflow/app/make_integrator.hpp"
#include "ntkflow/app/solver_choice.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace ntkflow {

double memory_of_node() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double memory_of_rank(const Communicator& world) {
  const double share = memory_of_node() / world.ranks_on_node();
  return static_cast<double>(-max_over_ranks(world, -static_cast<Index>(share)));
}

double flow_memory(const JobConfig& job, const Network& network, Index samples, int ranks) {
  const SpectrumSize size = tangent_size(network, samples, ranks);
  double memory = 0;
  if (job.flow.integrator == IntegratorKind::linearised)
    memory = dense_cost(size).memory;
  else if (job.flow.integrator == IntegratorKind::exponential)
    memory = keeps_kernel_memory(job.flow, samples) ? gram_memory(size) : dense_cost(size).memory;
  if (job.observe.fisher) memory += gram_memory(size);
  return memory;
}

double memory_needed(const Job& given, const PointSets& points, const Network& network, int ranks,
                     double memory_of_rank) {
  const JobConfig& job = given.config;
  const Command command = given.command.command;
  const Index samples = points.train->count();
  if (command == Command::kernel)
    return gram_memory(tangent_size(network, samples, ranks)) + memory_of_program;

  const auto size_of = [&](const PointSet& set) {
    return spectrum_size(job, network, set.count(), ranks);
  };
  double stage =
      choose_solver(job.reference_operator, size_of(*points.reference), memory_of_rank).cost.memory;
  const bool trains = command != Command::spectrum;
  if (job.observe.train_projections || (trains && job.observe.kernel_flow))
    stage = std::max(stage, dense_cost(size_of(*points.train)).memory);
  if (!trains) return stage + memory_of_program;

  stage = std::max(stage, flow_memory(job, network, samples, ranks));
  double kept = evaluation_cost(network, samples, ranks).memory;
  if (job.observe.kernel_flow)
    kept += kernel_flow_memory(samples, points.reference->count(), ranks);
  return stage + kept + memory_of_program;
}

void refuse_more_than_memory(const Communicator& world, const Job& job, const PointSets& points,
                             const Network& network) {
  const double share = memory_of_rank(world);
  const double needed = memory_needed(job, points, network, world.size(), share);
  if (needed > share)
    throw Error(ExitCode::out_of_memory,
                fmt::format("{} reference points, {} training points and {} parameters need at "
                            "least {} a rank, there are {}; use more nodes, fewer points or a "
                            "narrower network",
                            points.reference->count(), points.train->count(),
                            network.parameter_count(), memory_text(needed), memory_text(share)));
}

}  // namespace ntkflow
