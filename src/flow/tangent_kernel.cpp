#include "ntkflow/flow/tangent_kernel.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"

namespace ntkflow {

std::unique_ptr<Kernel> kernel_at(const Network& network, const ShardedVector& theta) {
  const Vector whole = theta.gather();
  return make_empirical_kernel(network, span_of(whole));
}

TangentKernel::TangentKernel(const GradientFlow& flow) : flow_(&flow), grid_(train().comm()) {}

void TangentKernel::rebuild(const ShardedVector& theta) {
  const AddElapsed timer(flow_->seconds().kernel);
  const auto kernel = kernel_at(train().network(), theta);
  matrix_.reset();  // two of them may not fit
  matrix_ = assemble_gram(grid_, *kernel, train().point_set(), Triangle::full);
}

Vector TangentKernel::apply(const Vector& u) const {
  const Communicator& comm = train().comm();
  const Partition& partition = train().partition();
  const Vector weighted = train().my_weights().cwiseProduct(u);
  Vector whole(partition.count());
  all_gather(comm, partition, span_of(weighted), span_of(whole));
  const Vector product = matrix_->local() * whole(matrix_->my_columns());
  whole.setZero();
  whole(matrix_->my_rows()) = product;
  sum_over_ranks(comm, span_of(whole));
  const IndexRange mine = train().my_range();
  return whole.segment(mine.first, mine.count());
}

void TangentKernel::correct(const ShardedVector& direction, const ShardedVector& gain) {
  const AddElapsed timer(flow_->seconds().linear_algebra);
  const double gg = train().inner(direction.local(), direction.local());
  if (!(gg > 0.0)) return;
  const double eg = train().inner(gain.local(), direction.local());
  const Vector g = direction.gather();
  // With f = e/<g,g> - <e,g> g / (2 <g,g>^2) the change is f g^T + g f^T.
  const Vector f = gain.gather() / gg - eg / (2.0 * gg * gg) * g;
  const IndexList& rows = matrix_->my_rows();
  const IndexList& columns = matrix_->my_columns();
  matrix_->local().noalias() += f(rows) * g(columns).transpose();
  matrix_->local().noalias() += g(rows) * f(columns).transpose();
}

}  // namespace ntkflow
