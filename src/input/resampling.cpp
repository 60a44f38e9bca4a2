#include "ntkflow/input/resampling.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

// Pixel j of the old row is the stretch [j, j + 1), pixel i of the new one [i, i + 1) * from / to.
// In units of 1 / to of an old pixel all ends are integers, so that the overlaps are exact.
Matrix area_averages(Index from, Index to) {
  Matrix map = Matrix::Zero(to, from);
  for (Index i = 0; i < to; ++i)
    for (Index j = i * from / to; j < from && j * to < (i + 1) * from; ++j) {
      const Index overlap = std::min((i + 1) * from, (j + 1) * to) - std::max(i * from, j * to);
      map(i, j) = static_cast<double>(overlap) / static_cast<double>(from);
    }
  return map;
}

Matrix interpolation(Index from, Index to) {
  Matrix map = Matrix::Zero(to, from);
  for (Index i = 0; i < to; ++i) {
    const double centre =
        (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    const double at = std::clamp(centre, 0.0, static_cast<double>(from - 1));
    const auto left = static_cast<Index>(at);
    const double beyond = at - static_cast<double>(left);
    map(i, left) += 1 - beyond;
    if (beyond > 0) map(i, left + 1) += beyond;
  }
  return map;
}

}  // namespace

Matrix resampling_matrix(Index from, Index to) {
  NTKFLOW_EXPECTS(from >= 1 && to >= 1);
  return to <= from ? area_averages(from, to) : interpolation(from, to);
}

}  // namespace ntkflow
