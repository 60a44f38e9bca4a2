#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/app/job.hpp"
#include "ntkflow/archive/archive.hpp"

#include <optional>

namespace ntkflow {

/// Opens the archive that a job's output names: creates it, or goes on with the unfinished one of
/// the same job. Nothing: the archive is there and complete. Collective. Throws: Error 73 when
/// something that is not ours is in the way, 76 when it belongs to another job (with the
/// difference) or format version, 77 when it is in use.
std::optional<Archive> open_output(const Communicator& world, const Job& job,
                                   const Experiment& experiment);

/// Bytes of the archive of a job, reserved when it is made; each slot of its checkpoint is taken to
/// hold the parameters, a value a training point, and the integrator's KernelMemory, if it has one.
double archive_bytes(const Job& job, const PointSets& points, Index parameters);

/// What open_output() would refuse of the archive that is there already. No MPI.
void check_output(const Job& job, const std::string& data_digest);

}  // namespace ntkflow
