#include "ntkflow/linalg/sharded_vector.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <cmath>

namespace ntkflow {

ShardedVector::ShardedVector(const Communicator& comm, Index n)
    : comm_(&comm), partition_(n, comm.size()), local_(Vector::Zero(my_range().count())) {}

IndexRange ShardedVector::my_range() const {
  return partition_.range(comm_->rank());
}

Vector ShardedVector::gather() const {
  Vector whole(count());
  all_gather(*comm_, partition_, span_of(local_), span_of(whole));
  return whole;
}

void ShardedVector::scatter_sum(const Vector& whole) {
  reduce_scatter(*comm_, partition_, span_of(whole), span_of(local_));
}

double dot(const ShardedVector& a, const ShardedVector& b) {
  NTKFLOW_EXPECTS(a.count() == b.count());
  return sum_over_ranks(a.comm(), a.local().dot(b.local()));
}

double norm(const ShardedVector& a) {
  return std::sqrt(sum_over_ranks(a.comm(), a.local().squaredNorm()));
}

}  // namespace ntkflow
