#include "ntkflow/flow/kernel_flow.hpp"

#include "ntkflow/flow/linearised_flow.hpp"
#include "ntkflow/spectrum/nystrom.hpp"

#include <utility>

namespace ntkflow {

KernelFlow::KernelFlow(const KernelOnFields& given, const ResidualField& train,
                       const ResidualField& reference, const ShardedVector& theta_0, double eta)
    : eta_(eta), modes_(kernel_modes(train, given.kernel, given.train)) {
  const KernelSpectrum spectrum{.eigenvalues = modes_.eigenvalues,
                                .eigenspace = {},
                                .eigenfunctions = {train.partition(), modes_.functions},
                                .my_weights = train.my_weights()};
  image_ = std::move(
      kernel_image(train.comm(), given.kernel, given.train, spectrum, given.reference).local);
  const Vector theta = theta_0.gather();
  train_start_ = train.value(span_of(theta));
  reference_start_ = reference.value(span_of(theta));
  initial_ = modes_.components(train, train_start_);
}

// g(lambda_i) c_i.
Vector KernelFlow::undone_parts(double time) const {
  return modes_.eigenvalues.unaryExpr([&](double lambda) { return undone(lambda, time, eta_); })
      .cwiseProduct(initial_);
}

Vector KernelFlow::train_residual(double time) const {
  return train_start_ - modes_.functions * modes_.eigenvalues.cwiseProduct(undone_parts(time));
}

Vector KernelFlow::reference_residual(double time) const {
  return reference_start_ - image_ * undone_parts(time);
}

}  // namespace ntkflow
