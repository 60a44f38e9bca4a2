#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/network/network.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <algorithm>

namespace ntkflow {

/// How fast this machine is at what the program mostly does.
struct Rates {
  int cores = 1;               ///< of this machine
  int ranks = 1;               ///< on which the rates were measured, all of them at work
  double flops_of_core = 0;    ///< a second, DGEMM, one thread
  double entries_of_rank = 0;  ///< kernel values a second on one rank, one thread

  /// On so many ranks: their threads share this machine's cores until those are used up.
  double flops_of(int wanted) const { return flops_of_core * std::max(wanted, cores); }
  double entries_of(int wanted) const { return entries_of_rank * wanted; }
};

/// Measures on products and tiles of a thousand rows, each the best of three, about a second in all.
/// The kernel is the job's own at its first reference points (of monte_carlo, one draw counted as
/// often as there are draws; of a matrix in a file, a copy).
/// Collective.
Rates measure_rates(const Communicator& world, const JobConfig& job, const PointSets& points,
                    const Network& network);

}  // namespace ntkflow
