#include "ntkflow/flow/linearisation.hpp"

#include "ntkflow/flow/phi_functions.hpp"

namespace ntkflow {

Stage combine(double a, const Stage& x, double b, const Stage& y) {
  return {a * x.dense + b * y.dense, a * x.along + b * y.along,
          a * x.components + b * y.components};
}

// U^T F = Lambda^{-1/2} Phi^T W J F with F = -J^T W r: -Lambda^{1/2} Phi^T W r, free of products.
Linearisation::Linearisation(const GradientFlow& flow, std::shared_ptr<const FlowJacobian> at,
                             const ShardedVector& velocity)
    : flow_(&flow), at_(std::move(at)), modes_(tangent_modes(flow, at_->theta())) {
  const Vector components = modes_.components(flow.train(), at_->residual());
  velocity_ = {velocity.local(), Vector::Zero(modes_.count()),
               -eigenvalues().cwiseSqrt().cwiseProduct(components)};
}

Linearisation::Displacement::Displacement(const Linearisation& base)
    : base_(&base),
      sum_{Vector::Zero(base.at_->theta().local().size()), Vector::Zero(base.modes_.count()),
           Vector::Zero(base.modes_.count())} {}

Linearisation::Displacement& Linearisation::Displacement::add(double scale, int k, double h,
                                                              const Stage& direction) {
  const Vector factor = phi_of(k, h, base_->eigenvalues());
  const double at_zero = phi(k, 0.0);
  sum_.dense += scale * at_zero * direction.dense;
  sum_.along += scale * (at_zero * direction.along +
                         (factor.array() - at_zero).matrix().cwiseProduct(direction.components));
  sum_.components += scale * factor.cwiseProduct(direction.components);
  return *this;
}

ShardedVector Linearisation::moved(const Displacement& displacement) const {
  const Vector coefficients = displacement.sum_.along.cwiseQuotient(eigenvalues().cwiseSqrt());
  ShardedVector theta = at_->vjp(modes_.functions * coefficients);
  theta.local() += at_->theta().local() + displacement.sum_.dense;
  return theta;
}

// L (theta' - theta) = -U Lambda U^T (theta' - theta).
Stage Linearisation::defect(const Displacement& displacement, const ShardedVector& velocity) const {
  ShardedVector difference = velocity;
  difference.local() -= velocity_.dense;
  const Vector along = eigenvalues().cwiseProduct(displacement.sum_.components);
  const Vector components = modes_.components(flow_->train(), at_->jvp(difference))
                                .cwiseQuotient(eigenvalues().cwiseSqrt());
  return {difference.local(), along, components + along};
}

}  // namespace ntkflow
