#pragma once

#include "ntkflow/app/job.hpp"
#include "ntkflow/archive/archive.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// The job of `run --extend T --output NEW`: the finished one with its snapshots' times written out
/// as a list, and those up to T after them (extended_times()); its output is NEW.
/// Collective. Throws: on all ranks, Error 66 without an archive of the finished job, 76 when it is
/// of another job or not complete; ConfigError for T.
Job extended_job(const Communicator& world, const Job& finished, const std::string& data_digest);

/// Takes over into the new archive what the finished one holds: points, spectra, snapshots and the
/// integrator's last state. Collective. Throws: as copy_units().
void copy_finished(Archive& archive, const Job& finished);

}  // namespace ntkflow
