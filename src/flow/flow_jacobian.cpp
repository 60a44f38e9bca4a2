#include "ntkflow/flow/flow_jacobian.hpp"

#include "ntkflow/base/clock.hpp"

namespace ntkflow {

FlowJacobian::FlowJacobian(const GradientFlow& flow, ShardedVector theta)
    : flow_(&flow), theta_(std::move(theta)) {
  if (!flow.keeps_forward_passes()) {
    residual_ = flow.residual(theta_);
    return;
  }
  Vector whole = flow.gather(theta_);
  const AddElapsed timer(flow.seconds().evaluation);
  kept_.emplace(flow.train().network(), std::move(whole), flow.train().my_points());
  residual_ = flow.train().residual_of(kept_->value());
}

ShardedVector FlowJacobian::vjp(const Vector& u) const {
  if (!kept_) return flow_->vjp(theta_, u);
  Vector gradient = Vector::Zero(theta_.count());
  {
    const AddElapsed timer(flow_->seconds().evaluation);
    kept_->add_vjp(flow_->train().my_weights().cwiseProduct(u), span_of(gradient));
  }
  return flow_->scatter_sum(theta_.comm(), gradient);
}

Vector FlowJacobian::jvp(const ShardedVector& direction) const {
  if (!kept_) return flow_->jvp(theta_, direction);
  const Vector whole = flow_->gather(direction);
  const AddElapsed timer(flow_->seconds().evaluation);
  return kept_->jvp(span_of(whole));
}

GradientFlow::Evaluation FlowJacobian::evaluation() const {
  ShardedVector velocity = vjp(residual_);
  velocity.local() *= -1.0;
  return {residual_, std::move(velocity)};
}

}  // namespace ntkflow
