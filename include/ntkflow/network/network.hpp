#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/network/architecture.hpp"

#include <functional>
#include <span>
#include <vector>

namespace ntkflow {

/// How training starts: f = (f1 - f2)/sqrt(2) with equal halves (f = 0 exactly); f - f(.; theta_0);
/// or f as drawn.
enum class Start { antisymmetric, centred, standard };

using Parameters = std::span<const double>;

class NetworkPass;

/// What a batch leaves in one network with unit cotangents: the factors of every sample's gradient.
/// The gradient by the weights of map l, summed over the positions p above it, is
/// weight_scale backward(p) x patch(p), patch being what its filter sees of `below`.
/// Shape: entry l of both belongs to map l; below (channels * positions) x batch, of the readout
/// its features, weight_count() x batch; backward (channels * positions) x batch, of the readout
/// ones. Empty for a map without trained parameters.
struct Signals {
  std::vector<Matrix> below;
  std::vector<Matrix> backward;  ///< df/dh, h the layer's pre-activation
};

/// A finite network as the flow sees it: value, J v and J^T u of f(x; theta) on batches of points.
///
/// theta is one flat vector. A single network's part is W_1, b_1, W_2, ..., v, b (biases only where
/// there are some), each row-major: W of a dense layer (m_1, m_0), of a convolution
/// (C_out, C_in, filter...), v (m_L), or (m_L, positions...) under a flatten readout. An
/// antisymmetric network has two such parts after each other. Parameters that are not trained are
/// part of theta; their gradient is 0 and a direction's components along them are ignored.
/// No MPI; const methods are thread-safe and use BLAS. Batches of any size: work proceeds in blocks
/// of samples, so memory is bounded by a block's activations.
class Network {
 public:
  /// Throws: ConfigError for an impossible architecture.
  Network(Architecture architecture, Start start);

  const Architecture& architecture() const { return architecture_; }
  Start start() const { return start_; }
  /// Of an antisymmetric network 2, else 1.
  std::size_t halves() const { return start_ == Start::antisymmetric ? 2 : 1; }

  Index parameter_count() const { return half_count() * static_cast<Index>(halves()); }

  /// The affine maps of one part of theta.
  const std::vector<AffineMap>& maps() const { return maps_; }

  /// Entries [range) of theta_0, counter-based: the same on every rank and for every partition.
  /// Shape: range.count().
  Vector initial_parameters(std::uint64_t seed, IndexRange range) const;

  /// f at a batch. Shape: x input.size() x batch, theta parameter_count(); result batch.
  /// (A centred network subtracts nothing here: the caller keeps f(.; theta_0).)
  Vector value(Parameters theta, const Matrix& x) const;

  /// J(theta) direction: the derivative of f at a batch along a direction. Result: batch.
  Vector jvp(Parameters theta, const Matrix& x, Parameters direction) const;

  /// gradient += J(theta)^T cotangent. Shape: cotangent batch, gradient parameter_count().
  void add_vjp(Parameters theta, const Matrix& x, const Vector& cotangent,
               std::span<double> gradient) const;

  /// One forward and one backward pass: gradient += J^T u with u = cotangent(first, f of the
  /// block), asked for block by block (first: index of the block's first sample). Returns f. The
  /// cost is one evaluation of the flow.
  using Cotangent = std::function<Vector(Index first, const Vector& value)>;
  Vector value_and_vjp(Parameters theta, const Matrix& x, const Cotangent& cotangent,
                       std::span<double> gradient) const;

  /// How many samples are worked on at a time.
  Index samples_a_block() const { return block_; }

  /// Signals of f1 and, of an antisymmetric network, f2 (without its sign and the 1/sqrt(2)).
  /// Memory: the whole batch's, so give at most samples_a_block().
  std::vector<Signals> signals(Parameters theta, const Matrix& x) const;

 private:
  friend class NetworkJacobian;

  Index half_count() const { return maps_.back().parameters_end(); }
  std::vector<NetworkPass> passes(Parameters theta, const Matrix& x) const;

  Architecture architecture_;
  Start start_;
  std::vector<AffineMap> maps_;
  Index block_;  // samples at a time
};

}  // namespace ntkflow
