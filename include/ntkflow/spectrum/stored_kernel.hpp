#pragma once

#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <memory>

namespace ntkflow {

/// The members of a point set as their numbers 0, 1, ...: what a kernel is given as that is known as
/// a matrix only. Weights and targets stay.
class NumberedPoints : public PointSet {
 public:
  explicit NumberedPoints(std::shared_ptr<const PointSet> points);

  Index count() const override { return points_->count(); }
  SampleShape shape() const override { return SampleShape::vector(1); }
  Matrix points(std::span<const Index> indices) const override;
  Vector weights(std::span<const Index> indices) const override;
  Vector targets(std::span<const Index> indices) const override;

 private:
  std::shared_ptr<const PointSet> points_;
};

/// A kernel between numbered points from an HDF5 dataset (n, n), read a tile at a time; no rank ever
/// holds more of it. The dataset's symmetry is checked once, each rank its share of the tiles.
/// Collective. (The kernel's tile() is not thread-safe: HDF5 is not.)
/// Throws: on all ranks: MissingInput; ConfigError for another shape or type, for an entry that
///         differs from its mirror image by more than 1e-12 of the largest, or is not finite.
std::unique_ptr<Kernel> make_stored_kernel(const Communicator& comm, const DatasetPath& from,
                                           Index n);

}  // namespace ntkflow
