#pragma once

#include "ntkflow/observe/observable.hpp"

namespace ntkflow {

/// ((1 - exp(-sigma t)) / sigma)^2, which is t^2 at sigma = 0: how much of a constant disturbance
/// the law lets through.
double transmission(double sigma, double t);

/// The bounds of Theorem 1, Corollary 2 and Corollary 5 of [BM22], both sides, for the kernel K of
/// the reference operator: with A = 4 ||f*||_inf^2 ||K - K_0||^2,
///     ||P_k (r_t - exp(-T t) r_0)||^2 <= transmission(sigma_k, t) (A + eps),
///     ||r_t - exp(-T t) r_0||^2       <= t^2 (A + eps).
/// Recorded with eps = 0; eps_hat is the smallest eps >= 0 for which they hold, eps_2 the one
/// without A. The largest absolute value of f* is taken over the reference points.
///
/// On the whole space, what lies beyond phi_K is taken not to decay: the left side is then off by
/// at most the recorded uncertainty, (1 - exp(-sigma_K t)) ||(I - P_K) r_0||, as a norm.
///
/// Corollary 5 speaks of t >= t_k = log(||f*||_inf / eps) / sigma_k: the largest such k is taken,
/// and (1/2) ||r_t||^2 stands against ||(I - P_k) r_0||^2 (k = 0: no t_k has passed).
class Bounds : public Observable {
 public:
  static std::vector<Quantity> quantities();

  /// Collective.
  explicit Bounds(const Scene& scene);
  std::vector<Vector> observe(const Moment& moment) const override;

 private:
  std::vector<Vector> projected(const Moment& moment) const;
  std::vector<Vector> whole(const Moment& moment) const;
  std::vector<Vector> corollary_5(const Moment& moment) const;

  const ResidualField* reference_;
  const KernelSpectrum* spectrum_;
  double largest_target_ = 0.0;  // ||f*||_inf
  double allowance_ = 0.0;       // A
  double accuracy_ = 0.0;        // eps of Corollary 5
  Vector initial_;               // r_0 at my reference points
  Vector initial_squares_;       // ||P_k r_0||^2
};

}  // namespace ntkflow
