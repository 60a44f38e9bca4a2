#pragma once

#include "ntkflow/flow/gradient_flow.hpp"
#include "ntkflow/observe/observable.hpp"

namespace ntkflow {

/// Where gradient descent leaves the law of G/n, on the eigenvectors of G/n.
///
/// One step: zeta(s) = r(s+1) - (1 - eta G/n) r(s), from a step that is made for this purpose only.
/// Accumulated: r(s) - (1 - eta G/n)^s r(0) = sum_j (1 - eta G/n)^j zeta(s-1-j).
/// Needs:  the scene's train_spectrum.
/// Cost:   an evaluation and a forward pass on the training points.
/// Source: [B20] equations 21 and 22, in the mean-loss scaling.
class DescentDefects : public Observable {
 public:
  static std::vector<Quantity> quantities();
  explicit DescentDefects(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  GradientFlow flow_;
  const KernelSpectrum* spectrum_;
  double step_;
};

}  // namespace ntkflow
