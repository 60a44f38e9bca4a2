#pragma once

#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// Whether all ranks call this within a few seconds of each other: asked by ranks on their way out
/// after an error, who cannot know whether the others failed too or wait for them in a collective.
/// True: everybody is here, and an orderly end is possible. False: somebody is not; abort.
/// `comm` must be one that no other operation is pending on.
bool all_ranks_arrive(const Communicator& comm);

/// Ends the whole program at once, for ranks that wait and will never be answered.
[[noreturn]] void abort_program(const Communicator& comm, int exit_code);

/// The same when all ranks have said what is to be said; collective, so that none is ended before.
[[noreturn]] void abort_together(const Communicator& comm, int exit_code);

}  // namespace ntkflow
