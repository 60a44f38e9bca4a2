#pragma once

#include "ntkflow/flow/gradient_flow.hpp"
#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/observe/observable.hpp"

#include <vector>

namespace ntkflow {

/// g_i of each cause at one time, T_n^t r_t being the operator that really moves the network:
/// on the input space <(T - T_n) r, phi_i>, <(T_n - T_n^0) r, phi_i>, <(T_n^0 - T_n^t) r, phi_i>;
/// on the training set the last two, on the eigenvectors of G/n. Shape: K, K, K, M, M.
struct DeviationRates {
  Vector data, width, drift;
  Vector train_width, train_drift;
};

/// Measures why the network leaves the ideal law: too few data, too narrow, or a moving kernel.
///
/// No large product is needed while the flow runs: <T_n r, phi_i> = sigma_i sum_a w_a phi_i(x_a)
/// r(x_a), <T_n^0 r, phi_i> uses a matrix n x K of K_0 that is made once, and
/// <T_n^t r, phi_i> = -<J theta_dot, phi_i>. Keeps references to what the scene refers to.
/// Memory: (2 K + M) n / ranks numbers.
/// Source: [BM21], damped deviations.
class DeviationMeter {
 public:
  /// eigenfunctions_at_train: phi_i(x_a), n x K. Collective; computes K_0 between training and
  /// reference points once.
  DeviationMeter(const Scene& scene, RowBlocks eigenfunctions_at_train);

  /// Collective. Cost: one evaluation, a jvp on the training points, a forward pass and a jvp on
  /// the reference points.
  DeviationRates rates(const ShardedVector& theta) const;

  /// Carries the integrals on to `time`, by the rule of advance(); nothing when `time`
  /// was looked at already. Collective.
  void look(DeviationState& state, const ShardedVector& theta, double time) const;

 private:
  const ResidualField* train_;
  const ResidualField* reference_;
  const KernelSpectrum* spectrum_;
  const KernelSpectrum* train_spectrum_;
  GradientFlow flow_;
  Matrix at_train_;        // sigma_i phi_i(x_a), my rows
  Matrix start_at_train_;  // (T_K0 phi_i)(x_a), my rows
  Matrix start_train_;     // the same of the eigenvectors of G/n
};

/// Records the integrals: each cause's part of <r_t, phi_i> - exp(-sigma_i t) <r_0, phi_i>.
class Deviations : public Observable {
 public:
  static std::vector<Quantity> quantities();
  explicit Deviations(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  Index modes_;
};

/// The same on the eigenvectors of G/n, where finite data are no cause. Needs the scene's
/// train_spectrum.
class TrainDeviations : public Observable {
 public:
  static std::vector<Quantity> quantities();
  explicit TrainDeviations(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  Index modes_;
};

/// Carries a damped integral over a step of h at whose end g is `rate`. The exponential is integrated
/// exactly against the parabola through the last three g, a step of last_h between the first two (a
/// line when last_h < h / 20):
///     exp(-sigma h) D + h [phi_1 g_0 + phi_2 (g_1 - g_0) + c (2 phi_3 - phi_2)] at -sigma h,
/// c x (x - 1), x = s / h, being the parabola's part beyond the line. Shape: sigma and rate of equal
/// size, no longer than the integral.
void advance(DampedIntegral& integral, const Vector& sigma, double last_h, double h,
             const Vector& rate);

/// When to look so that g_i is smooth in between: at every snapshot, and between two
/// snapshots as often as keeps `per_decade` looks in a decade of t, from 0.01 / sigma_1 on.
/// Shape: snapshots increasing, the first at 0; the result contains them.
std::vector<double> look_times(const std::vector<double>& snapshots, double sigma_1,
                               Index per_decade);

}  // namespace ntkflow
