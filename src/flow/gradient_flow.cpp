#include "ntkflow/flow/gradient_flow.hpp"

namespace ntkflow {

GradientFlow::Evaluation GradientFlow::evaluate(const ShardedVector& theta) const {
  const Vector whole = theta.gather();
  Vector gradient = Vector::Zero(whole.size());
  Vector residual = train_->value_and_gradient(span_of(whole), span_of(gradient));
  ShardedVector velocity(theta.comm(), theta.count());
  velocity.scatter_sum(gradient);
  velocity.local() *= -1.0;
  return {std::move(residual), std::move(velocity)};
}

Vector GradientFlow::jvp(const ShardedVector& theta, const ShardedVector& direction) const {
  const Vector whole_theta = theta.gather();
  const Vector whole_direction = direction.gather();
  return train_->jvp(span_of(whole_theta), span_of(whole_direction));
}

Vector GradientFlow::apply_kernel(const ShardedVector& theta, const Vector& u) const {
  const Vector whole_theta = theta.gather();
  Vector gradient = Vector::Zero(whole_theta.size());
  train_->add_weighted_vjp(span_of(whole_theta), u, span_of(gradient));
  ShardedVector sum(theta.comm(), theta.count());
  sum.scatter_sum(gradient);
  gradient = sum.gather();
  return train_->jvp(span_of(whole_theta), span_of(gradient));
}

double power_iteration(const GradientFlow& flow, const ShardedVector& theta, Vector& direction,
                       int iterations) {
  double eigenvalue = 0.0;
  for (int i = 0; i < iterations; ++i) {
    const double length = flow.train().norm(direction);
    if (!(length > 0.0)) return 0.0;
    direction = flow.apply_kernel(theta, direction / length);
    eigenvalue = flow.train().norm(direction);
  }
  if (eigenvalue > 0.0) direction /= eigenvalue;
  return eigenvalue;
}

}  // namespace ntkflow
