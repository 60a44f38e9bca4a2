#pragma once

#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include <vector>

namespace ntkflow {

/// The ideal flow dr/dt = -T r from its eigen-decomposition, seen region by region: root mean
/// squares of r_t = sum_i exp(-sigma_i t) <r_0, phi_i> phi_i + rest over the parts of rho. What r_0
/// has outside the span of the eigenfunctions rests.
class IdealFlow {
 public:
  /// Shape:      my_initial and my_regions: r_0 and regions 0, 1, ..., regions - 1 at this rank's
  ///             reference points.
  /// Memory:     K^2 numbers a region on every rank.
  /// Collective: on comm, that of the spectrum's grid.
  IdealFlow(const Communicator& comm, const KernelSpectrum& spectrum, const Vector& my_initial,
            const IndexList& my_regions, Index regions);

  Index regions() const { return count_of(regional_); }

  /// Root mean square of r_t over a region; over the whole space where region = regions().
  double rms(Index region, double time) const;

  /// First t with rms(region, t) <= fraction * rms(region, 0), by root finding: no time stepping.
  /// NaN where that is not before 1e6 / (the smallest sigma).
  double convergence_time(Index region, double fraction) const;

 private:
  // |r_t|^2 = rest + 2 mixed . c(t) + c(t)^T products c(t), all over one region of mass `mass`.
  struct Region {
    double mass = 0;
    double rest = 0;
    Vector mixed;
    Matrix products;
  };
  double mean_square(const Region& region, const Vector& coefficients) const;

  Vector sigma_;
  Vector initial_;  // <r_0, phi_i>
  std::vector<Region> regional_;
};

}  // namespace ntkflow
