#pragma once

#include "ntkflow/network/network.hpp"

#include <Eigen/Core>
#include <memory>
#include <utility>

namespace ntkflow {

/// What one map's part of an empirical kernel needs of a batch.
struct MapFactors {
  Matrix below;
  Matrix backward;
};

/// The part of one map with trained parameters: out(i, j) = <df(x_i)/dW, df(x'_j)/dW>, and the same
/// of its bias. With P positions above the map and per sample the patches p (C_in taps x P) and the
/// backward signals b (C_out x P), the gradient by W is weight_scale b p^T. So the product is
///   sum over positions q, q' of (weight_scale^2 p_q . p'_q' + bias_scale^2)(b_q . b'_q'),
/// which costs P^2 (C_in + C_out) a pair, or that of the explicit gradients, C_out C_in taps a pair.
class MapTerm {
 public:
  virtual ~MapTerm() = default;

  /// Turns the signals of a batch into what add() needs: as they are, unless a term does otherwise.
  virtual MapFactors factors(Matrix below, Matrix backward) const {
    return {std::move(below), std::move(backward)};
  }

  /// out += the part of these row and column samples; where they are the same samples of the same
  /// factors, of its lower triangle at least.
  virtual void add(const MapFactors& rows, IndexRange row_range, const MapFactors& columns,
                   IndexRange column_range, Eigen::Ref<Matrix> out) const = 0;
};

/// The cheapest way for map l of a network; nothing when no parameter of it is trained.
std::unique_ptr<MapTerm> make_map_term(const Network& network, std::size_t l);

}  // namespace ntkflow
