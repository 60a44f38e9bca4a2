#include "ntkflow/spectrum/eigenspaces.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

constexpr double relative_gap = 1e-6;
constexpr double rounding_gap = 1e-13;
constexpr double smallest_kept = 1e-12;

}  // namespace

std::vector<IndexRange> EigenspaceChoice::ranges() const {
  std::vector<IndexRange> ranges;
  for (Index pair = 0; pair < count(); ++pair) {
    if (eigenspace[static_cast<std::size_t>(pair)] == count_of(ranges))
      ranges.push_back({pair, pair});
    ranges.back().last = pair + 1;
  }
  return ranges;
}

Index eigenspace_end(const Vector& descending, Index first) {
  Index end = first + 1;
  for (; end < descending.size(); ++end) {
    const double gap = descending[end - 1] - descending[end];
    if (gap > relative_gap * descending[end - 1] && gap > rounding_gap * descending[0]) break;
  }
  return end;
}

EigenspaceChoice choose_eigenspaces(const Vector& descending, Index eigenpairs) {
  NTKFLOW_EXPECTS(descending.size() >= 1 && descending[0] > 0 && eigenpairs >= 1);
  const Index asked = std::min<Index>(eigenpairs, descending.size());
  EigenspaceChoice choice;
  for (Index space = 0; choice.count() < asked; ++space) {
    const Index first = choice.count();
    const Index end = eigenspace_end(descending, first);
    if (descending[end - 1] < smallest_kept * descending[0]) {
      choice.dropped = asked - first;
      break;
    }
    if (end > asked) {
      choice.incomplete = asked - first;
      break;
    }
    choice.eigenspace.resize(static_cast<std::size_t>(end), space);
  }
  return choice;
}

}  // namespace ntkflow
