#include "ntkflow/app/estimate.hpp"

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/memory_check.hpp"
#include "ntkflow/app/output.hpp"
#include "ntkflow/app/rates.hpp"
#include "ntkflow/app/solver_choice.hpp"
#include "ntkflow/parallel/agree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace ntkflow {
namespace {

std::string time_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.2g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.2g} min", seconds / 60);
  return fmt::format("{:.2g} h", seconds / 3600);
}

// A part of a run at a number of ranks, and what there is to say of it.
struct Part {
  std::string name;
  StageCost cost;
  std::string note;
};

class Estimate {
 public:
  Estimate(const Job& job, const PointSets& points, const Network& network, const Rates& rates,
           int ranks)
      : job_(job), points_(points), network_(network), rates_(rates), ranks_(ranks) {}

  std::string text() const { return head() + table() + total() + scaling(); }

 private:
  double share(int ranks) const {
    return memory_of_node() / std::clamp(ranks, 1, std::max(1, rates_.cores));
  }

  double seconds(const StageCost& cost, int ranks, double flops) const {
    return cost.flops_of_all(ranks) / flops + cost.entries / rates_.entries_of(ranks) +
           cost.bytes / bytes_a_second + cost.messages * seconds_of_message;
  }

  std::vector<Part> parts(int ranks) const {
    const SpectrumSize size =
        spectrum_size(job_.config, network_, points_.reference->count(), ranks);
    const SolverDecision decision =
        choose_solver(job_.config.reference_operator, size, share(ranks));
    const bool is_dense = decision.solver != Solver::krylov;
    const std::string taken = "taken, " + decision.reason;
    std::vector<Part> parts{
        {"reference, dense", dense_cost(size), is_dense ? taken : ""},
        {"reference, krylov", is_dense ? krylov_cost(size) : decision.cost, is_dense ? "" : taken}};
    if (job_.config.observe.train_projections)
      parts.push_back(
          {"training matrix",
           dense_cost(spectrum_size(job_.config, network_, points_.train->count(), ranks)), ""});
    // How many evaluations a flow takes depends on its spectrum and tolerance; one can be priced.
    StageCost evaluation = evaluation_cost(network_, points_.train->count(), ranks);
    evaluation.memory += flow_memory(job_.config, network_, points_.train->count(), ranks);
    parts.push_back({"flow", evaluation, "an evaluation, of some hundreds"});
    for (Part& part : parts)
      if (part.cost.memory + memory_of_program > share(ranks))
        part.note = "does not fit" + (part.note.empty() ? "" : "; " + part.note);
    return parts;
  }

  std::string head() const {
    return fmt::format(
        "{} reference points, {} training points, {} parameters, {} ranks with {} each\n"
        "rates measured on {} ranks: DGEMM {:.1f} GFLOP/s a core, kernel {:.2f} ns an entry on one "
        "rank\n\n",
        points_.reference->count(), points_.train->count(), network_.parameter_count(), ranks_,
        memory_text(share(ranks_)), rates_.ranks, rates_.flops_of_core / 1e9,
        1e9 / rates_.entries_of_rank);
  }

  std::string table() const {
    std::string text = fmt::format("{:<20} {:>9}  {:>9}  {:>9}  {:>9}  {:>8}\n", "part", "a rank",
                                   "flops", "entries", "sent", "time");
    for (const auto& [name, cost, note] : parts(ranks_))
      text += fmt::format("{:<20} {:>9}  {:>9.2g}  {:>9.2g}  {:>9}  {:>8}  {}\n", name,
                          memory_text(cost.memory + memory_of_program),
                          cost.flops + cost.root_flops, cost.entries, memory_text(cost.bytes),
                          time_text(seconds(cost, ranks_, rates_.flops_of(ranks_))), note);
    return text;
  }

  std::string total() const {
    const double memory = memory_needed(job_, points_, network_, ranks_, share(ranks_));
    return fmt::format("\nmemory a rank: {}\ndisk: {}\n", memory_text(memory),
                       memory_text(archive_bytes(job_, points_, network_.parameter_count())));
  }

  // A part that stops falling has found what its communication, or its one rank at work, costs.
  std::string scaling() const {
    std::string text = fmt::format(
        "\ntime against ranks, a core of this kind each; a message takes {:g} us, a rank sends "
        "{:g} GB/s\n{:<20}",
        1e6 * seconds_of_message, bytes_a_second / 1e9, "");
    constexpr std::array counts{1, 4, 16, 64, 256, 1024};
    std::vector<std::vector<Part>> by_count;
    for (const int ranks : counts) {
      text += fmt::format(" {:>9}", ranks);
      by_count.push_back(parts(ranks));
    }
    for (std::size_t i = 0; i < by_count.front().size(); ++i) {
      text += fmt::format("\n{:<20}", by_count.front()[i].name);
      for (std::size_t c = 0; c < counts.size(); ++c)
        text += fmt::format(" {:>9}", time_text(seconds(by_count[c][i].cost, counts[c],
                                                        rates_.flops_of_core * counts[c])));
    }
    return text + "\n";
  }

  const Job& job_;
  const PointSets& points_;
  const Network& network_;
  const Rates& rates_;
  int ranks_;
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
