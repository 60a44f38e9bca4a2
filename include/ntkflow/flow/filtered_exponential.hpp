#pragma once

#include "ntkflow/flow/integrator.hpp"
#include "ntkflow/flow/krylov_space.hpp"
#include "ntkflow/flow/step_control.hpp"

#include <optional>

namespace ntkflow {

/// The exponential trapezoid with filtered residuals, of order 2: with Z = h T, T the tangent
/// kernel's operator, two evaluations a step,
///     g1 = phi_1(-Z) r                       U      = theta - h J^T W g1
///     g2 = phi_1(-Z) (r + r(U) - e^{-Z} r)   theta+ = theta - (h/2) (J^T W g1 + J(U)^T W g2).
/// Exact where J is constant and T = J J^T W, of order 2 for any symmetric T, so that T may lag
/// behind: secants of all steps, rejected ones too, correct it. It is built anew after
/// KernelMemory::capacity secants, and, where it was not built at this state, after a second rejection
/// of a step or a first that leaves no secant to learn. The step is free of the stiffness: its error is
/// what the kernel's drift leaves, the larger of ||r(theta+) - r(U)|| and (h/2) ||T g + (r(theta+) - r)/h||,
/// g = (g1 + g2)/2, over ||r_0||.
/// Steps pass the times asked for.
/// Source: exponential integrators as in Hochbruck, Ostermann 2010, applied in function space.
class FilteredExponential : public Integrator {
 public:
  /// The state must have a KernelMemory.
  FilteredExponential(const GradientFlow& flow, double tolerance, double initial_norm);

  void begin(const FlowState& state) override;
  void step(FlowState& state, double t_limit) override;
  Landing landing() const override { return Landing::within_step; }
  ShardedVector interpolate(FlowState& state, double time) const override;
  const Vector& residual() const override { return at_state_->residual(); }

 private:
  struct Attempt {
    KrylovSpace space;  // of r at the start
    Vector filtered;    // (g1 + g2) / 2
    std::shared_ptr<const FlowJacobian> next;
    ShardedVector correction;  // theta+ - U
    Vector gain;               // what the kernel lacks: -(r+ - r)/h - T filtered
    double error = error_not_finite;

    bool is_finite() const { return error < error_not_finite; }
  };
  // What interpolate() needs of the last step.
  struct LastStep {
    double time, h;
    std::shared_ptr<const FlowJacobian> at;
    KrylovSpace space;
    ShardedVector correction;
  };

  void start(FlowState& state);
  void rebuild(FlowState& state);
  Attempt attempt(FlowState& state, double h) const;
  void mend_kernel(FlowState& state, const Attempt& rejected, int rejections);
  void accept(FlowState& state, double h, double proposal, double t_limit, Attempt tried);
  void learn_secant(FlowState& state, const Attempt& tried);
  Vector applied(const Vector& u) const;

  const GradientFlow* flow_;
  StepControl control_;
  double initial_norm_;
  TangentKernel kernel_;
  std::shared_ptr<const FlowJacobian> at_state_;
  bool fresh_ = false;  // the kernel was built at the state
  std::optional<LastStep> last_;
};

}  // namespace ntkflow
