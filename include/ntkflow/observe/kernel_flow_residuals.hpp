#pragma once

#include "ntkflow/flow/kernel_flow.hpp"
#include "ntkflow/observe/observable.hpp"

namespace ntkflow {

/// Records the flow of T_n beside the network's own: what is left of finite data alone, at
/// infinite width, on the training points, the reference points and the eigenfunctions. Where the
/// run is gradient descent, or has its step, so has this.
class KernelFlowResiduals : public Observable {
 public:
  static std::vector<Quantity> quantities();
  /// The scene must have its kernel. Collective.
  explicit KernelFlowResiduals(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  KernelFlow flow_;
  const ResidualField* reference_;
  const KernelSpectrum* spectrum_;
};

}  // namespace ntkflow
