#pragma once

#include "network/linear_map.hpp"

namespace ntkflow {

/// The readout of one network, f = weight_scale <v, features(alpha)> + bias_scale b, as a linear
/// form of alpha. Features are alpha itself (dense), alpha with the channel running slowest, as v
/// is stored (flatten), or alpha's mean over positions (average).
class ReadoutForm {
 public:
  /// References the map.
  ReadoutForm(const Readout& readout, const AffineMap& map, const SampleShape& below)
      : kind_(readout.kind), map_(map), below_(below) {}

  /// f, with all parameters from theta. Shape: alpha below.size() x batch; result batch.
  Vector value(Parameters theta, const Samples& alpha) const;

  /// Its derivative along a direction and alpha_tangent.
  Vector tangent(Parameters theta, const Samples& alpha, const Matrix& alpha_tangent,
                 Parameters direction) const;

  /// The cotangent of alpha. Shape: below.size() x batch.
  void backward(Parameters theta, const Vector& cotangent, Matrix& alpha_cotangent) const;

  void add_gradient(const Samples& alpha, const Vector& cotangent,
                    std::span<double> gradient) const;

  /// df/dv without weight_scale. Shape: map.weight_count() x batch.
  Matrix features(Matrix alpha) const;

 private:
  // The form's coefficients in the order of alpha, and the adjoint of that arrangement.
  Vector spread(Parameters parameters) const;
  Vector gather(const Vector& by_alpha) const;

  ReadoutKind kind_;
  const AffineMap& map_;
  SampleShape below_;
};

}  // namespace ntkflow
