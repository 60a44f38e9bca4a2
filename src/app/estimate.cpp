#include "ntkflow/app/estimate.hpp"

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/memory_check.hpp"
#include "ntkflow/app/output.hpp"
#include "ntkflow/app/rates.hpp"
#include "ntkflow/app/solver_choice.hpp"
#include "ntkflow/parallel/agree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

std::string time_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.2g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.2g} min", seconds / 60);
  return fmt::format("{:.2g} h", seconds / 3600);
}

class Estimate {
 public:
  Estimate(const Job& job, const PointSets& points, const Network& network, const Rates& rates,
           int ranks)
      : job_(job),
        points_(points),
        network_(network),
        rates_(rates),
        ranks_(ranks),
        share_(memory_of_node() / std::clamp(ranks, 1, std::max(1, rates.cores))) {}

  std::string text() const { return head() + spectra() + training() + total(); }

 private:
  double seconds(const StageCost& cost) const {
    return cost.flops_of_all(ranks_) / rates_.flops_of(ranks_) +
           cost.entries / rates_.entries_of(ranks_);
  }

  std::string line(const std::string& what, const StageCost& cost, const std::string& note) const {
    return fmt::format("{:<20} {:>9}  {:>9.2g}  {:>9.2g}  {:>8}  {}\n", what,
                       memory_text(cost.memory + memory_of_program), cost.flops + cost.root_flops,
                       cost.entries, time_text(seconds(cost)), note);
  }

  std::string fits(const StageCost& cost) const {
    return cost.memory + memory_of_program > share_ ? "does not fit; " : "";
  }

  std::string head() const {
    return fmt::format(
        "{} reference points, {} training points, {} parameters, {} ranks with {} each\n"
        "rates measured on {} ranks: DGEMM {:.1f} GFLOP/s, kernel {:.2f} ns an entry on one "
        "rank\n\n"
        "{:<20} {:>9}  {:>9}  {:>9}  {:>8}\n",
        points_.reference->count(), points_.train->count(), network_.parameter_count(), ranks_,
        memory_text(share_), rates_.ranks, rates_.flops / 1e9, 1e9 / rates_.entries_of_rank, "part",
        "a rank", "flops", "entries", "time");
  }

  std::string spectra() const {
    const SpectrumSize size =
        spectrum_size(job_.config, network_, points_.reference->count(), ranks_);
    const SolverDecision decision = choose_solver(job_.config.reference_operator, size, share_);
    const bool is_dense = decision.solver != Solver::krylov;
    const StageCost dense = dense_cost(size);
    const StageCost krylov = is_dense ? krylov_cost(size) : decision.cost;
    const std::string taken = "taken, " + decision.reason;
    std::string text = line("reference, dense", dense, fits(dense) + (is_dense ? taken : "")) +
                       line("reference, krylov", krylov, fits(krylov) + (is_dense ? "" : taken));
    if (job_.config.observe.train_projections) {
      const StageCost train =
          dense_cost(spectrum_size(job_.config, network_, points_.train->count(), ranks_));
      text += line("training matrix", train, fits(train));
    }
    return text;
  }

  // How many evaluations a flow takes depends on its spectrum and tolerance; one can be priced.
  std::string training() const {
    const StageCost one{training_memory(network_, points_.train->count(), ranks_),
                        evaluation_flops(network_, points_.train->count()), 0};
    return line("flow", one, "an evaluation, of some hundreds");
  }

  std::string total() const {
    const double memory =
        memory_needed(job_.config, points_, network_, ranks_, share_) + memory_of_program;
    return fmt::format("\nmemory a rank: {}\ndisk: {}\n", memory_text(memory),
                       memory_text(archive_bytes(job_, points_, network_.parameter_count())));
  }

  const Job& job_;
  const PointSets& points_;
  const Network& network_;
  const Rates& rates_;
  int ranks_;
  double share_;
};

}  // namespace

std::string estimate_job(const Communicator& world, const Job& job) {
  const PointSets points = agree(world, [&] { return make_points(job.config); });
  const Network network = agree(world, [&] { return make_network(job.config, points); });
  const Rates rates = measure_rates(world, job.config, points, network);
  const int ranks = job.command.ranks > 0 ? static_cast<int>(job.command.ranks) : world.size();
  return Estimate(job, points, network, rates, ranks).text();
}

}  // namespace ntkflow
