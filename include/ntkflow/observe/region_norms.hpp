#pragma once

#include "ntkflow/observe/observable.hpp"

namespace ntkflow {

/// Root mean square of r_t over each region of rho, which shows 1/p where the global norm hides it.
class RegionNorms : public Observable {
 public:
  static std::vector<Quantity> quantities();

  /// Collective.
  explicit RegionNorms(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  const ResidualField* reference_;
  IndexList my_regions_;  // of my reference points
  Vector mass_;           // of each region
};

}  // namespace ntkflow
