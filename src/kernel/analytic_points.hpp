#pragma once

#include "kernel/pair_pass.hpp"
#include "kernel/scalar_kernel.hpp"
#include "ntkflow/kernel/kernel.hpp"

#include <mutex>
#include <optional>

namespace ntkflow {

/// What belongs to the points of a batch on one level.
struct LevelPoints {
  std::vector<AlphaPoints> alphas;  ///< at the level's start and behind each layer
  std::vector<DualPoints> duals;    ///< of each layer
  std::vector<Vector> inverses;     ///< 1/deviation of each dual, 0 where that is 0

  LayerPoints around(std::size_t layer) const {
    return {alphas[layer], duals[layer], inverses[layer], alphas[layer + 1]};
  }
};

/// Points of the analytic kernel: in groups of `lanes`, in a group position after position, so that
/// point x at position p of P has the number (x / lanes * P + p) * lanes + x % lanes. Vectors and
/// matrices of such numbers have the lanes of all groups and positions.
struct AnalyticPoints final : PointFeatures {
  Index points = 0;
  /// Unit vectors of the channels, 0 for a zero vector. Of a vector input dimension x points; of a
  /// grid lanes x (groups * positions * channels).
  Matrix unit;
  Vector norms;                               ///< of vectors; a grid has none
  std::optional<double> common_norm;          ///< of vectors that all have it
  std::shared_ptr<const ScalarKernel> table;  ///< for points of the common norm
  mutable std::vector<LevelPoints> levels;    ///< begun; filled by complete()

  Index count() const override { return points; }
  Index groups() const { return groups_of(points); }

  /// Fills the levels, once: a tabulated kernel does without. Thread-safe.
  void complete(const LimitNetwork& network) const;

  /// Of points on a grid those of some groups, completed: series at every position of many points
  /// would not fit.
  std::unique_ptr<AnalyticPoints> completed_part(const LimitNetwork& network,
                                                 IndexRange groups) const;

  /// How many numbers the levels hold.
  Index numbers() const;

 private:
  mutable std::once_flag completed_;
};

inline Index point_number(Index point, Index position, Index positions) {
  return (point / lanes * positions + position) * lanes + point % lanes;
}

/// The input of a batch of points. Shape: points input_size() x count.
std::unique_ptr<AnalyticPoints> prepare_points(const LimitNetwork& network, const Matrix& points);

/// Points on the first level of which only the deviations are known, the same at all `count` points:
/// enough for a network on vectors whose correlations are given.
std::unique_ptr<AnalyticPoints> prepare_norm(const LimitNetwork& network, double norm, Index count);

}  // namespace ntkflow
