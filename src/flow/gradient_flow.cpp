#include "ntkflow/flow/gradient_flow.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/network/network_jacobian.hpp"

namespace ntkflow {

// The largest share of the points decides, so that all ranks do the same. A linearised network's
// residual is a J v already.
GradientFlow::GradientFlow(const ResidualField& train, double most_kept)
    : train_(&train),
      keeps_(!train.is_linearised() &&
             NetworkJacobian::memory(train.network(), train.partition().block()) <= most_kept) {}

Vector GradientFlow::gather(const ShardedVector& vector) const {
  const AddElapsed timer(seconds_.communication);
  return vector.gather();
}

ShardedVector GradientFlow::scatter_sum(const Communicator& comm, const Vector& whole) const {
  const AddElapsed timer(seconds_.communication);
  ShardedVector sum(comm, whole.size());
  sum.scatter_sum(whole);
  return sum;
}

GradientFlow::Evaluation GradientFlow::evaluate(const ShardedVector& theta) const {
  const Vector whole = gather(theta);
  Vector gradient = Vector::Zero(whole.size());
  Vector residual;
  {
    const AddElapsed timer(seconds_.evaluation);
    residual = train_->value_and_gradient(span_of(whole), span_of(gradient));
  }
  ShardedVector velocity = scatter_sum(theta.comm(), gradient);
  velocity.local() *= -1.0;
  return {std::move(residual), std::move(velocity)};
}

Vector GradientFlow::residual(const ShardedVector& theta) const {
  const Vector whole = gather(theta);
  const AddElapsed timer(seconds_.evaluation);
  return train_->value(span_of(whole));
}

ShardedVector GradientFlow::vjp(const ShardedVector& theta, const Vector& u) const {
  const Vector whole = gather(theta);
  Vector gradient = Vector::Zero(whole.size());
  {
    const AddElapsed timer(seconds_.evaluation);
    train_->add_weighted_vjp(span_of(whole), u, span_of(gradient));
  }
  return scatter_sum(theta.comm(), gradient);
}

Vector GradientFlow::jvp(const ShardedVector& theta, const ShardedVector& direction) const {
  const Vector whole_theta = gather(theta);
  const Vector whole_direction = gather(direction);
  const AddElapsed timer(seconds_.evaluation);
  return train_->jvp(span_of(whole_theta), span_of(whole_direction));
}

}  // namespace ntkflow
