#include "ntkflow/app/rates.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/blas_threads.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <thread>

namespace ntkflow {
namespace {

constexpr Index side = 1000;

double best_of_three(const std::function<void()>& act) {
  double best = std::numeric_limits<double>::infinity();
  for (int repeat = 0; repeat < 3; ++repeat) {
    const Stopwatch watch;
    act();
    best = std::min(best, watch.elapsed_s());
  }
  return best;
}

double flops_a_second() {
  const Matrix a = Matrix::Constant(side, side, 0.5), b = Matrix::Constant(side, side, 0.25);
  Matrix c(side, side);
  return 2.0 * side * side * side / best_of_three([&] { c.noalias() = a * b; });
}

// The kernel that an entry is timed with, and how many times that an entry of the job's costs.
struct TimedKernel {
  std::unique_ptr<Kernel> kernel;
  double draws = 1;
};

TimedKernel timed_kernel(const JobConfig& job, const Network& network) {
  const ReferenceKernel& spec = job.reference_operator.kernel;
  if (spec.source != KernelSource::initial && spec.source != KernelSource::monte_carlo)
    return {make_analytic_kernel(network.architecture(), AnalyticKind::ntk)};
  const Vector theta = network.initial_parameters(job.seed, {0, network.parameter_count()});
  return {make_empirical_kernel(network, span_of(theta)),
          static_cast<double>(std::max<Index>(1, spec.draws))};
}

double entries_a_second(const JobConfig& job, const PointSet& points, const Network& network) {
  const Index n = std::min(side, points.count());
  const TimedKernel timed = timed_kernel(job, network);
  const auto features = timed.kernel->prepare(points.points(indices_of({0, n})));
  Matrix tile(n, n);
  const double seconds = best_of_three([&] { timed.kernel->tile(*features, *features, tile); });
  return static_cast<double>(n * n) / (timed.draws * seconds);
}

}  // namespace

Rates measure_rates(const Communicator& world, const JobConfig& job, const PointSets& points,
                    const Network& network) {
  Rates rates;
  rates.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  rates.ranks = world.size();
  barrier(world);
  const int busy = std::min(rates.cores, rates.ranks * blas_threads());
  rates.flops_of_core = sum_over_ranks(world, flops_a_second()) / busy;
  const double entries =
      agree(world, [&] { return entries_a_second(job, *points.reference, network); });
  rates.entries_of_rank = sum_over_ranks(world, entries) / world.size();
  return rates;
}

}  // namespace ntkflow
