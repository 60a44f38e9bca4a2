#include "ntkflow/input/point_set.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>

namespace ntkflow {

Index region_count(const PointSet& points) {
  return 1 + std::ranges::max(points.regions(indices_of({0, points.count()})));
}

Vector select(const Vector& all, std::span<const Index> indices) {
  Vector chosen(count_of(indices));
  for (Index c = 0; c < chosen.size(); ++c) {
    const Index i = indices[static_cast<std::size_t>(c)];
    NTKFLOW_EXPECTS(0 <= i && i < all.size());
    chosen[c] = all[i];
  }
  return chosen;
}

}  // namespace ntkflow
