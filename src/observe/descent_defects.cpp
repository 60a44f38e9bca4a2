#include "ntkflow/observe/descent_defects.hpp"

namespace ntkflow {

std::vector<Quantity> DescentDefects::quantities() {
  return {{"/trajectory/step_defect", Axis::train_mode,
           "r(s+1) - (1 - eta G/n) r(s) on the eigenvectors of G/n"},
          {"/trajectory/accumulated_defect", Axis::train_mode,
           "r(s) - (1 - eta G/n)^s r(0) on the eigenvectors of G/n"}};
}

DescentDefects::DescentDefects(const Scene& scene)
    : flow_(scene.train), spectrum_(scene.train_spectrum), step_(scene.descent_step) {}

std::vector<Vector> DescentDefects::observe(const Moment& moment) const {
  const GradientFlow::Evaluation at = flow_.evaluate(moment.theta);
  ShardedVector next = moment.theta;
  next.local() += step_ * at.velocity.local();
  const Vector whole = next.gather();
  const Vector after = project(next.comm(), *spectrum_, flow_.train().value(span_of(whole)));
  const Vector kept = 1.0 - step_ * spectrum_->eigenvalues.array();
  const Observation& seen = moment.seen;
  return {after - kept.cwiseProduct(seen.train_projection),
          seen.train_projection - seen.train_ideal_projection};
}

}  // namespace ntkflow
