#pragma once

#include "ntkflow/network/network.hpp"

#include <memory>

namespace ntkflow {

/// J(theta) of a network on a batch at one theta, with its forward pass kept: a product J v costs
/// one more forward pass, J^T u one backward pass. Products share buffers: not thread-safe.
/// Source: forward and reverse accumulation; Griewank, Walther 2008.
class NetworkJacobian {
 public:
  /// One forward pass. Keeps references to the network and to x, which must outlive it.
  /// Shape: theta parameter_count(), x input.size() x batch.
  NetworkJacobian(const Network& network, Vector theta, const Matrix& x);
  ~NetworkJacobian();
  NetworkJacobian(NetworkJacobian&&) noexcept;

  /// f at the batch.
  const Vector& value() const;

  /// J direction. Shape: direction parameter_count(); result batch.
  Vector jvp(Parameters direction) const;

  /// gradient += J^T cotangent. Shape: cotangent batch, gradient parameter_count().
  void add_vjp(const Vector& cotangent, std::span<double> gradient) const;

  /// Bytes that it keeps for a batch: theta, activations and their derivatives.
  static double memory(const Network& network, Index batch);

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

}  // namespace ntkflow
