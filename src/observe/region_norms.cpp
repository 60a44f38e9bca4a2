#include "ntkflow/observe/region_norms.hpp"

#include "ntkflow/parallel/collectives.hpp"

namespace ntkflow {
namespace {

IndexList my_regions(const Communicator& comm, const PointSet& points) {
  return points.regions(indices_of(Partition(points.count(), comm.size()).range(comm.rank())));
}

// The sum of `values` over each region.
Vector sum_by_region(const Communicator& comm, const IndexList& regions, Index count,
                     const Vector& values) {
  Vector sum = Vector::Zero(count);
  for (Index i = 0; i < values.size(); ++i) sum(regions[static_cast<std::size_t>(i)]) += values(i);
  sum_over_ranks(comm, span_of(sum));
  return sum;
}

}  // namespace

std::vector<Quantity> RegionNorms::quantities() {
  return {{"/snapshot/region_norm", Axis::region, "root mean square of r_t over a region of rho"}};
}

RegionNorms::RegionNorms(const Scene& scene)
    : reference_(&scene.reference),
      my_regions_(my_regions(reference_->comm(), *scene.points.reference)),
      mass_(sum_by_region(reference_->comm(), my_regions_, region_count(*scene.points.reference),
                          reference_->my_weights())) {}

std::vector<Vector> RegionNorms::observe(const Moment& moment) const {
  const Vector squares =
      reference_->my_weights().cwiseProduct(moment.seen.reference_residual.cwiseAbs2());
  const Vector sum = sum_by_region(reference_->comm(), my_regions_, mass_.size(), squares);
  return {(sum.array() / mass_.array()).sqrt()};
}

}  // namespace ntkflow
