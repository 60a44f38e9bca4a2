#include "ntkflow/parallel/partition.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>

namespace ntkflow {

Partition::Partition(Index n, int ranks)
    : n_(n), ranks_(ranks), block_(std::max<Index>(1, (n + ranks - 1) / ranks)) {
  NTKFLOW_EXPECTS(n >= 0 && ranks >= 1);
}

IndexRange Partition::range(int rank) const {
  NTKFLOW_EXPECTS(0 <= rank && rank < ranks_);
  return {std::min(n_, rank * block_), std::min(n_, (rank + 1) * block_)};
}

}  // namespace ntkflow
