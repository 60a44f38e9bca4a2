#pragma once

#include "ntkflow/app/job.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/network/network.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// Bytes of the memory of this machine.
double memory_of_node();

/// A rank's share of it, the least of all ranks. Collective.
double memory_of_rank(const Communicator& world);

/// Bytes that the flow keeps on a rank for its integrator and observables: matrices of K_t.
double flow_memory(const JobConfig& job, const Network& network, Index samples, int ranks);

/// Bytes that a job's command (`estimate`: a run) needs on the rank that needs most, by
/// cost_model.hpp: its stages come after each other, so the largest counts, and the parameters and
/// the program itself.
double memory_needed(const Job& job, const PointSets& points, const Network& network, int ranks,
                     double memory_of_rank);

/// Refuses a job whose largest arrays cannot fit the machine, before anything large is allocated or
/// any output made. Collective.
/// Throws: Error (exit 71) on all ranks, with the numbers.
void refuse_more_than_memory(const Communicator& world, const Job& job, const PointSets& points,
                             const Network& network);

}  // namespace ntkflow
