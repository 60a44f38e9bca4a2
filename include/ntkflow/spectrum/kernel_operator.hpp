#pragma once

#include "ntkflow/input/point_set.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/linalg/symmetric_operator.hpp"

#include <memory>
#include <vector>

namespace ntkflow {

/// What products with a kernel's matrix have cost this rank so far.
struct KernelWork {
  double entries = 0;     ///< kernel values computed
  double flops = 0;       ///< of the products with them
  double entries_s = 0;   ///< seconds in the kernel, preparation of points included
  double products_s = 0;  ///< seconds in the products
};

/// W^{1/2} K W^{1/2} of a kernel at weighted points, applied to blocks of vectors and never stored.
///
/// Each rank owns a contiguous block of rows. Rank p computes the tiles of its rows against the
/// column blocks p, p+1, ..., p + P/2 (cyclic, rounded down), each once, and uses each twice: for
/// its own rows, and transposed for the owner of the columns. With P even two ranks meet at distance
/// P/2: one takes the first half of the columns, the other the second half, which are its rows.
/// Communication of a product with b vectors: in P/2 steps the blocks of vectors, and with them the
/// sums for their owners, go round half the ring, and the sums go home: about (P + 1) N b / P
/// numbers sent by each rank, whatever the kernel costs.
/// Memory:     the features of this rank's points and of one chunk of others, one tile (8 MiB), and
///             five blocks of b vectors' rows.
/// Collective: on comm, construction and apply(). Keeps references to comm, kernel and points.
/// Throws:     on all ranks: NumericalError for a product that is not finite; what the points and
///             the kernel throw.
class KernelOperator : public SymmetricOperator {
 public:
  /// Shape: my_weights of this rank's rows, > 0.
  KernelOperator(const Communicator& comm, const Kernel& kernel, const PointSet& points,
                 const Vector& my_weights);

  const Communicator& comm() const override { return comm_; }
  const Partition& partition() const override { return partition_; }
  Matrix apply(const Matrix& x) const override;

  const KernelWork& work() const { return work_; }

 private:
  // Chunks [first, last) of this rank against chunks of the block of rank `owner`.
  struct Step {
    int owner;
    IndexRange mine;
    IndexRange theirs;
  };
  Step step_at(int distance) const;
  std::unique_ptr<PointFeatures> prepare(int owner, IndexRange chunk) const;
  void fill_tile(const PointFeatures& rows, const PointFeatures& columns) const;
  void multiply_diagonal(const Matrix& x, Matrix& sums) const;
  void multiply(const Step& step, const Matrix& x, const Matrix& other, Matrix& sums,
                Matrix& other_sums) const;
  void add_products(IndexRange rows, const Matrix& x, Matrix& sums, IndexRange columns,
                    const Matrix& other, Matrix& other_sums) const;
  void add_diagonal_product(IndexRange rows, const Matrix& x, Matrix& sums) const;
  void add_from_ring(const Matrix& x, Matrix& sums) const;

  const Communicator& comm_;
  const Kernel& kernel_;
  const PointSet& points_;
  Partition partition_;
  Vector root_weights_;
  std::vector<std::unique_ptr<PointFeatures>> features_;  // of this rank's chunks
  mutable Matrix tile_;
  mutable KernelWork work_;
};

}  // namespace ntkflow
