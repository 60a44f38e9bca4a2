#include "ntkflow/app/make_integrator.hpp"

#include "ntkflow/flow/dopri5.hpp"
#include "ntkflow/flow/filtered_exponential.hpp"
#include "ntkflow/flow/gradient_descent.hpp"
#include "ntkflow/flow/rkc.hpp"

namespace ntkflow {

std::unique_ptr<Integrator> make_integrator(const FlowSpec& spec, const GradientFlow& flow,
                                            double initial_norm) {
  switch (spec.integrator) {
    case IntegratorKind::exponential:
      return std::make_unique<FilteredExponential>(flow, spec.tolerance, initial_norm);
    case IntegratorKind::rkc:
      return std::make_unique<RungeKuttaChebyshev>(flow, spec.tolerance, initial_norm);
    case IntegratorKind::dopri5:
      return std::make_unique<DormandPrince>(flow, spec.tolerance, initial_norm);
    case IntegratorKind::gradient_descent:
      return std::make_unique<GradientDescent>(flow, spec.step, initial_norm);
  }
  return nullptr;
}

bool keeps_kernel_memory(const FlowSpec& spec) {
  return spec.integrator == IntegratorKind::exponential;
}

}  // namespace ntkflow
