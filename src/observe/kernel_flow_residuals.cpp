#include "ntkflow/observe/kernel_flow_residuals.hpp"

#include "ntkflow/base/error.hpp"

namespace ntkflow {
namespace {

const KernelOnFields& kernel_of(const Scene& scene) {
  NTKFLOW_EXPECTS(scene.kernel != nullptr);
  return *scene.kernel;
}

}  // namespace

std::vector<Quantity> KernelFlowResiduals::quantities() {
  const std::string path = "/trajectory/kernel_flow/",
                    flow = " of the flow of T_n from the same r_0";
  return {
      {path + "train_residual", Axis::train_point, "f - f* at the training points" + flow},
      {path + "reference_residual", Axis::reference_point, "f - f* at the reference points" + flow},
      {path + "projection", Axis::mode, "<r_t, phi_i>" + flow}};
}

KernelFlowResiduals::KernelFlowResiduals(const Scene& scene)
    : flow_(kernel_of(scene), scene.train, scene.reference, scene.theta_0, scene.descent_step),
      reference_(&scene.reference),
      spectrum_(&scene.spectrum) {}

std::vector<Vector> KernelFlowResiduals::observe(const Moment& moment) const {
  const double time = moment.seen.time;
  const Vector reference = flow_.reference_residual(time);
  return {flow_.train_residual(time), reference,
          project(reference_->comm(), *spectrum_, reference)};
}

}  // namespace ntkflow
