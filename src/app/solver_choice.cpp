#include "ntkflow/app/solver_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

// Up to here a dense decomposition takes seconds, and it gives every eigenvalue to rounding.
constexpr Index always_dense = 4096;

// A kernel value costs about as much time as so many flops of DGEMM, and two more a number of the
// points.
constexpr double flops_of_entry = 100;

double work_of(const StageCost& cost, const SpectrumSize& size) {
  const double entry = flops_of_entry + 2 * static_cast<double>(size.point_numbers);
  return cost.flops_of_all(size.ranks) + entry * cost.entries;
}

SolverDecision dense(const SpectrumSize& size, const std::string& reason) {
  return {Solver::dense, 0, dense_cost(size), "dense: " + reason};
}

// With a smaller basis, and so more restarts, when the one it likes does not fit.
SolverDecision krylov(const SpectrumSize& size, double memory_of_rank, const std::string& reason) {
  SolverDecision decision{Solver::krylov, 0, krylov_cost(size), "krylov: " + reason};
  if (decision.cost.memory <= memory_of_rank) return decision;
  decision.most_columns = krylov_least_columns(size);
  decision.cost = krylov_cost(size, decision.most_columns);
  decision.reason += "; a small basis, restarted often, for want of memory";
  return decision;
}

// Every layer's activations and backward signals.
Index signals_of(const Architecture& architecture) {
  Index signals = 0;
  for (const SampleShape& shape : layer_shapes(architecture)) signals += 2 * shape.size();
  return signals;
}

}  // namespace

SolverDecision choose_solver(const OperatorSpec& spec, const SpectrumSize& size,
                             double memory_of_rank) {
  if (spec.solver == SolverChoice::dense) return dense(size, "as the job says");
  if (spec.solver == SolverChoice::elpa)
    return {Solver::elpa, 0, dense_cost(size), "elpa: as the job says"};
  if (spec.solver == SolverChoice::krylov) return krylov(size, memory_of_rank, "as the job says");
  const Index n = size.points;
  const double dense_memory = dense_cost(size).memory;
  if (dense_memory > memory_of_rank)
    return krylov(size, memory_of_rank,
                  fmt::format("dense would need {} a rank, there are {}", memory_text(dense_memory),
                              memory_text(memory_of_rank)));
  if (n <= always_dense) return dense(size, fmt::format("{} points take seconds", n));
  const double ratio =
      work_of(dense_cost(size), size) / std::max(1.0, work_of(krylov_cost(size), size));
  const std::string pairs = fmt::format("{} of {} pairs", std::min(n, size.eigenpairs), n);
  if (ratio <= 1 || krylov_least_columns(size) >= n)
    return dense(size, fmt::format("{} are too many for krylov to be faster", pairs));
  return krylov(size, memory_of_rank, fmt::format("{}, about {:.0f} times faster", pairs, ratio));
}

SpectrumSize tangent_size(const Network& network, Index points, int ranks) {
  const Index signals = signals_of(network.architecture());
  return {points, points, static_cast<Index>(network.halves()) * signals, ranks};
}

// An analytic kernel keeps the point and a few numbers a layer and position; an empirical one, of
// every draw, its signals.
SpectrumSize spectrum_size(const JobConfig& job, const Network& network, Index points, int ranks) {
  constexpr Index of_position = 4;
  const Architecture& architecture = network.architecture();
  Index positions = 0;
  for (const SampleShape& shape : layer_shapes(architecture)) positions += shape.positions();
  const ReferenceKernel& kernel = job.reference_operator.kernel;
  Index numbers = architecture.input.size() + of_position * positions;
  if (kernel.source == KernelSource::initial) numbers = signals_of(architecture);
  if (kernel.source == KernelSource::monte_carlo) numbers = kernel.draws * signals_of(architecture);
  if (kernel.source == KernelSource::file) numbers = 1;
  return {points, std::min(points, job.eigenpairs), numbers, ranks};
}

std::string memory_text(double bytes) {
  constexpr double mebibyte = 1024.0 * 1024.0;
  if (bytes < 1024 * mebibyte) return fmt::format("{:.3g} MiB", bytes / mebibyte);
  return fmt::format("{:.3g} GiB", bytes / (1024 * mebibyte));
}

}  // namespace ntkflow
