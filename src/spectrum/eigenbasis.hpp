#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <cstdint>
#include <span>

namespace ntkflow {

/// Turns each eigenspace's orthonormal eigenfunctions into the basis that kernel_spectrum promises;
/// for an eigenspace of one function that is its sign.
/// Shape: weights of my rows; eigenspaces are ranges of columns. Collective.
void fix_eigenbasis(const Communicator& comm, std::span<const IndexRange> eigenspaces,
                    const Vector& my_weights, std::uint64_t seed, RowBlocks& eigenfunctions);

}  // namespace ntkflow
