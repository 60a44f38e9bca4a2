#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/communicator.hpp"
#include "ntkflow/parallel/partition.hpp"

namespace ntkflow {

/// A long vector of which each rank holds one contiguous shard: the parameters theta and all
/// vectors of the integrators. Keeps a reference to the communicator, which must outlive it.
/// Element-wise operations are done on local() with Eigen and need no communication.
class ShardedVector {
 public:
  /// Zero vector of n entries.
  ShardedVector(const Communicator& comm, Index n);

  const Communicator& comm() const { return *comm_; }
  const Partition& partition() const { return partition_; }
  Index count() const { return partition_.count(); }
  IndexRange my_range() const;

  Vector& local() { return local_; }
  const Vector& local() const { return local_; }

  /// All entries on every rank. Collective.
  Vector gather() const;

  /// Replaces this vector by the sum over the ranks of their whole vectors of count() entries.
  /// Collective.
  void scatter_sum(const Vector& whole);

 private:
  const Communicator* comm_;
  Partition partition_;
  Vector local_;
};

/// Inner product and Euclidean norm, the same on every rank. Collective.
double dot(const ShardedVector& a, const ShardedVector& b);
double norm(const ShardedVector& a);

}  // namespace ntkflow
