#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/communicator.hpp"
#include "ntkflow/parallel/partition.hpp"

namespace ntkflow {

/// A real symmetric matrix that is known by its products only. Its rows, and those of the blocks of
/// vectors that it is applied to, are spread over the ranks in contiguous blocks.
class SymmetricOperator {
 public:
  virtual ~SymmetricOperator() = default;

  virtual const Communicator& comm() const = 0;
  virtual const Partition& partition() const = 0;

  /// A x for a block of vectors x.
  /// Shape:      x and the result: this rank's rows x columns, the same columns on every rank.
  /// Collective: on comm().
  virtual Matrix apply(const Matrix& x) const = 0;
};

}  // namespace ntkflow
