#pragma once

#include "ntkflow/parallel/communicator.hpp"

#include <span>

namespace ntkflow {

/// Sends values to one rank while others arrive from another, e.g. round a ring.
/// Shape:      what arrives has the length that its sender sends.
/// Collective: on all ranks of a ring; a matching call on both partners.
void exchange(const Communicator& comm, std::span<const double> leaving, int to,
              std::span<double> arriving, int from);

/// One half of an exchange: the partner calls the other one, with values of the same length.
void send(const Communicator& comm, std::span<const double> values, int to);
void receive(const Communicator& comm, std::span<double> values, int from);

}  // namespace ntkflow
