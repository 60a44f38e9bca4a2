#include "ntkflow/observe/drift.hpp"

#include "ntkflow/flow/tangent_kernel.hpp"
#include "ntkflow/observe/kernel_distance.hpp"

#include <limits>

namespace ntkflow {

std::vector<Quantity> Drift::quantities() {
  return {{"/snapshot/drift", Axis::none, "||K_t - K_0|| / ||K_0||, Frobenius, training points"},
          {"/snapshot/reference_drift", Axis::none, "||K_t - K_0|| / ||K_0|| in L2(rho x rho)"}};
}

Drift::Drift(const Scene& scene)
    : network_(&scene.network),
      points_(scene.points),
      start_(kernel_at(scene.network, scene.theta_0)) {}

std::vector<Vector> Drift::observe(const Moment& moment) const {
  if (!moment.inspects_kernel)
    return std::vector<Vector>(2, row_of(std::numeric_limits<double>::quiet_NaN()));
  const Communicator& comm = moment.theta.comm();
  const auto now = kernel_at(*network_, moment.theta);
  const auto on = [&](const PointSet& points) {
    return row_of(kernel_distance(comm, {*now, points}, {*start_, points}).relative());
  };
  return {on(*points_.train), on(*points_.reference)};
}

}  // namespace ntkflow
