#pragma once

#include "ntkflow/app/job.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// What `ntkflow estimate JOB --ranks P` prints: memory a rank, disk, work and predicted time of
/// each part of a run on P ranks (0: as many as there are now), for both solvers, with the one that
/// would be taken and why. The memory is that of refuse_more_than_memory, the disk what the archive
/// reserves. The times use rates measured here and now, on one small product and one tile of the
/// job's kernel; more ranks than this machine has cores are taken to bring cores of their own.
/// Makes the points and the network's description, and nothing large. Collective.
/// Throws: on all ranks: whatever a run would refuse before it starts, but for want of memory.
std::string estimate_job(const Communicator& world, const Job& job);

}  // namespace ntkflow
