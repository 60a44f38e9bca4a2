#pragma once

#include "ntkflow/app/status.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// What ended the work of all ranks of a communicator, asked by each of them while it handles an
/// exception; they can go on together. Where some ranks have not failed, and wait for the others in
/// a collective for ever, the failing one prints its error and ends the whole program instead.
/// `comm` must be one that nothing else has ever used.
Error error_of_all_ranks(const Communicator& comm, const Status& status);

/// "exit code 78: ..."
std::string summary_of(const Error& error);

}  // namespace ntkflow
