#pragma once

#include "ntkflow/flow/integrator.hpp"
#include "ntkflow/flow/linearisation.hpp"
#include "ntkflow/flow/step_control.hpp"

#include <optional>

namespace ntkflow {

/// Krogstad's exponential Runge-Kutta method of order 4, linearised afresh at the start u of every
/// step with L = -J^T W J, F = d theta/dt, D_j = F(U_j) - F(u) - L (U_j - u), phi_k = phi_k(h L):
///     U_2 = u + h/2 phi_1(hL/2) F        U_3 = U_2 + h phi_2(hL/2) D_2
///     U_4 = u + h phi_1 F + 2h phi_2 D_3
///     u+  = u + h phi_1 F + h (2 phi_2 - 4 phi_3)(D_2 + D_3) + h (4 phi_3 - phi_2) D_4.
/// The error, in function space and relative to ||r_0||, is that of h (4 phi_3 - phi_2)(D_5 - D_4),
/// D_5 at u+. About eight evaluations, a kernel matrix and a decomposition a step; steps pass the
/// times asked for, and theta inside is of order 3, for which tight tolerances are tightened.
/// Source: Krogstad 2005, Generalized integrating factor methods for stiff PDEs, equation 51.
class ExponentialRungeKutta : public Integrator {
 public:
  ExponentialRungeKutta(const GradientFlow& flow, double tolerance, double initial_norm);

  void begin(const FlowState& state) override;
  void step(FlowState& state, double t_limit) override;
  Landing landing() const override { return Landing::within_step; }
  ShardedVector interpolate(FlowState& state, double time) const override;
  const Vector& residual() const override { return at_state_->residual(); }

 private:
  struct Attempt {
    Stage middle;  // (D_2 + D_3) / 2
    Stage end;     // D_5
    std::shared_ptr<const FlowJacobian> next;
    ShardedVector velocity;  // there
    double error;
  };
  struct LastStep {
    double time, h;
    Linearisation base;
    Stage middle, end;
  };

  Attempt attempt(FlowState& state, const Linearisation& base, double h) const;
  double error_of(const Linearisation& base, double h, const Stage& fourth, const Stage& end) const;

  const GradientFlow* flow_;
  StepControl control_;
  double initial_norm_;
  std::shared_ptr<const FlowJacobian> at_state_;
  std::optional<ShardedVector> velocity_;
  std::optional<LastStep> last_;
};

}  // namespace ntkflow
