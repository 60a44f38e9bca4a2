#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/network/network.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// Bytes of the memory of this machine.
double memory_of_node();

/// A rank's share of it, the least of all ranks. Collective.
double memory_of_rank(const Communicator& world);

/// Bytes that a run of a job needs on the rank that needs most, by cost_model.hpp: its stages come
/// after each other, so the largest counts, and the parameters and the program itself.
double memory_needed(const JobConfig& job, const PointSets& points, const Network& network,
                     int ranks, double memory_of_rank);

/// Refuses a job whose largest arrays cannot fit the machine, before anything large is allocated or
/// any output made. Collective.
/// Throws: Error (exit 71) on all ranks, with the numbers.
void refuse_more_than_memory(const Communicator& world, const JobConfig& job,
                             const PointSets& points, const Network& network);

}  // namespace ntkflow
