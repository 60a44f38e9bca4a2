#include "ntkflow/flow/residual_field.hpp"

#include "ntkflow/parallel/collectives.hpp"

#include <cmath>

namespace ntkflow {

ResidualField::ResidualField(const Network& network, const PointSet& points,
                             const ShardedVector& theta_0, Model model)
    : comm_(&theta_0.comm()),
      network_(&network),
      point_set_(&points),
      partition_(points.count(), comm_->size()) {
  const IndexList mine = indices_of(my_range());
  points_ = points.points(mine);
  weights_ = points.weights(mine);
  targets_ = points.targets(mine);
  origin_ = Vector::Zero(targets_.size());
  if (network.start() == Start::centred) {
    const Vector whole = theta_0.gather();
    origin_ = network.value(span_of(whole), points_);
  }
  if (model == Model::linearised) {
    theta_0_ = theta_0.gather();
    start_ = network.value(span_of(theta_0_), points_) - origin_ - targets_;
  }
}

// J is taken at theta, or at theta_0 where the network is linearised.
Parameters ResidualField::point_of_derivative(Parameters theta) const {
  return is_linearised() ? span_of(theta_0_) : theta;
}

// r_0 + J_0 (theta - theta_0).
Vector ResidualField::from_start(Parameters theta) const {
  const Vector moved = Eigen::Map<const Vector>(theta.data(), count_of(theta)) - theta_0_;
  return start_ + network_->jvp(span_of(theta_0_), points_, span_of(moved));
}

Vector ResidualField::value(Parameters theta) const {
  if (is_linearised()) return from_start(theta);
  return residual_of(network_->value(theta, points_));
}

Vector ResidualField::jvp(Parameters theta, Parameters direction) const {
  return network_->jvp(point_of_derivative(theta), points_, direction);
}

Vector ResidualField::value_and_gradient(Parameters theta, std::span<double> gradient) const {
  if (is_linearised()) {
    Vector residual = from_start(theta);
    add_weighted_vjp(theta, residual, gradient);
    return residual;
  }
  const auto weighted_residual = [&](Index first, const Vector& f) -> Vector {
    const auto block = Eigen::seqN(first, f.size());
    return weights_(block).cwiseProduct(f - origin_(block) - targets_(block));
  };
  return residual_of(network_->value_and_vjp(theta, points_, weighted_residual, gradient));
}

void ResidualField::add_weighted_vjp(Parameters theta, const Vector& u,
                                     std::span<double> gradient) const {
  network_->add_vjp(point_of_derivative(theta), points_, weights_.cwiseProduct(u), gradient);
}

double ResidualField::inner(const Vector& u, const Vector& v) const {
  return sum_over_ranks(*comm_, weights_.cwiseProduct(u).dot(v));
}

double ResidualField::norm(const Vector& u) const {
  return std::sqrt(inner(u, u));
}

}  // namespace ntkflow
