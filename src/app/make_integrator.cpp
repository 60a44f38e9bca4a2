#include "ntkflow/app/make_integrator.hpp"

#include "ntkflow/flow/dopri5.hpp"
#include "ntkflow/flow/exponential_runge_kutta.hpp"
#include "ntkflow/flow/filtered_exponential.hpp"
#include "ntkflow/flow/gradient_descent.hpp"
#include "ntkflow/flow/linearised_flow.hpp"
#include "ntkflow/flow/rkc.hpp"

namespace ntkflow {

std::unique_ptr<Integrator> make_integrator(const FlowSpec& spec, const GradientFlow& flow,
                                            const ShardedVector& theta_0, double initial_norm) {
  switch (spec.integrator) {
    case IntegratorKind::exponential:
      if (keeps_kernel_memory(spec, flow.train().partition().count()))
        return std::make_unique<FilteredExponential>(flow, spec.tolerance, initial_norm);
      return std::make_unique<ExponentialRungeKutta>(flow, spec.tolerance, initial_norm);
    case IntegratorKind::rkc:
      return std::make_unique<RungeKuttaChebyshev>(flow, spec.tolerance, initial_norm);
    case IntegratorKind::dopri5:
      return std::make_unique<DormandPrince>(flow, spec.tolerance, initial_norm);
    case IntegratorKind::gradient_descent:
      return std::make_unique<GradientDescent>(flow, spec.step, initial_norm);
    case IntegratorKind::linearised:
      return std::make_unique<LinearisedFlow>(flow, theta_0, spec.step);
  }
  return nullptr;
}

Model model_of(const FlowSpec& spec) {
  return spec.integrator == IntegratorKind::linearised ? Model::linearised : Model::network;
}

bool keeps_kernel_memory(const FlowSpec& spec, Index n_samples) {
  constexpr double tight = 2e-4;
  constexpr Index most_decomposed = 3000;
  return spec.integrator == IntegratorKind::exponential &&
         (spec.tolerance >= tight || n_samples > most_decomposed);
}

}  // namespace ntkflow
