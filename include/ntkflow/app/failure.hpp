#pragma once

#include "ntkflow/app/status.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// What to do after a failure in mid-run.
inline constexpr const char* how_to_go_on =
    "what is committed is kept: run the same command again to go on";

/// What ended the work of all ranks of a communicator, asked by each of them while it handles an
/// exception; they can go on together. Where some ranks have not failed, and wait for the others in
/// a collective for ever, the failing one prints its error and ends the whole program instead.
/// `comm` must be one that nothing else has ever used. A failure of the program or the machine says
/// how to go on, a numerical one that the job must be another.
Error error_of_all_ranks(const Communicator& comm, const Status& status);

/// "exit code 78: ..."
std::string summary_of(const Error& error);

}  // namespace ntkflow
