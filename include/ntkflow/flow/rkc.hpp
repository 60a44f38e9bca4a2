#pragma once

#include "ntkflow/flow/flow_jacobian.hpp"
#include "ntkflow/flow/integrator.hpp"
#include "ntkflow/flow/step_control.hpp"

#include <optional>
#include <vector>

namespace ntkflow {

/// Coefficients of one s-stage Runge-Kutta-Chebyshev step of order 2, s >= 2:
///     Y_0 = u,  Y_1 = u + first h F_0,
///     Y_j = (1 - mu_j - nu_j) u + mu_j Y_{j-1} + nu_j Y_{j-2} + mu~_j h F_{j-1} + gamma~_j h F_0.
/// Stable for h (spectral radius) <= 0.653 (s^2 - 1) on the negative real axis.
/// Source: Sommeijer, Shampine, Verwer 1998, RKC, equations 2.1 to 2.6, eps = 2/13.
struct ChebyshevStages {
  double first = 0.0;
  struct Stage {
    double mu, nu, mu_tilde, gamma_tilde;
  };
  std::vector<Stage> stages;  ///< j = 2..s
};

/// Those of s >= 2 stages. Shape: stages s - 1.
ChebyshevStages chebyshev_stages(int s);

/// Number of stages that makes a step of h stable, at least 2.
int chebyshev_stage_count(double h_times_spectral_radius);

/// The stabilised explicit method RKC2 with error control in function space: the local error
/// 0.8 (u - u+) + 0.4 h (F + F+), mapped by one jvp to the training points, relative to ||r_0||.
/// Cost grows as sqrt(sigma_1 t); no n x n matrix. An estimate of order 3 held to a tolerance would
/// leave an error that grows as its 2/3 power: steps are held to a share of it that makes up for that.
/// Source: Sommeijer, Shampine, Verwer 1998.
class RungeKuttaChebyshev : public Integrator {
 public:
  RungeKuttaChebyshev(const GradientFlow& flow, double tolerance, double initial_norm);

  void begin(const FlowState& state) override;
  void step(FlowState& state, double t_limit) override;
  const Vector& residual() const override { return at_state_->residual; }

 private:
  void refresh_spectral_radius(FlowState& state) const;
  double choose_step(const FlowState& state, double t_limit) const;
  ShardedVector attempt(FlowState& state, double h) const;
  double local_error(FlowState& state, const FlowJacobian& at_end,
                     const GradientFlow::Evaluation& next, double h) const;

  const GradientFlow* flow_;
  StepControl control_;
  double initial_norm_;
  std::optional<GradientFlow::Evaluation> at_state_;
};

}  // namespace ntkflow
