#pragma once

#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/observe/observable.hpp"

#include <memory>

namespace ntkflow {

/// How far the tangent kernel has moved, ||K_t - K_0|| / ||K_0||: Frobenius on the training points,
/// and in L2(rho x rho) on the reference points. NaN where K_t is not looked at.
class Drift : public Observable {
 public:
  static std::vector<Quantity> quantities();
  explicit Drift(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  const Network* network_;
  PointSets points_;
  std::unique_ptr<Kernel> start_;  // K_0
};

}  // namespace ntkflow
