#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/network/network.hpp"

namespace ntkflow {

// What the parts of a run need, by formula. The choice of the solver, the refusal of jobs that are
// too large and `ntkflow estimate` all ask here, so that they cannot disagree.

/// The k largest of the N eigenpairs of a kernel's matrix, to be found.
struct SpectrumSize {
  Index points = 0;         ///< N
  Index eigenpairs = 0;     ///< k
  Index point_numbers = 0;  ///< numbers that the kernel keeps of a point
  int ranks = 1;
};

/// What a part of a run costs.
struct StageCost {
  double memory = 0;   ///< bytes at the peak, on the rank that needs most, beside the program's own
  double flops = 0;    ///< of the linear algebra, all ranks together, as if at the rate of DGEMM
  double entries = 0;  ///< kernel values, all ranks together
  double root_flops = 0;  ///< as flops, but of one rank that the others wait for
  double bytes = 0;       ///< sent by the rank that sends most
  double messages = 0;    ///< that wait for one another

  /// What all ranks together would do in the time of both.
  double flops_of_all(int ranks) const { return flops + ranks * root_flops; }
};

/// What the ranks are assumed to be joined by: an ordinary network of a cluster.
inline constexpr double seconds_of_message = 2e-6;
inline constexpr double bytes_a_second = 10e9;  // of a rank

/// Bytes of a kernel's Gram matrix, and of what its assembly keeps of the points.
double gram_memory(const SpectrumSize& size);

/// All eigenvalues and the first eigenvectors by ScaLAPACK, which does not run at the rate of DGEMM:
/// the flops are those that DGEMM would do in the same time.
StageCost dense_cost(const SpectrumSize& size);

/// By block Krylov. The basis may have most_columns columns; 0: as many as it likes.
StageCost krylov_cost(const SpectrumSize& size, Index most_columns = 0);

/// The least that the basis can do with.
Index krylov_least_columns(const SpectrumSize& size);

/// Bytes that the flow of T_n keeps on a rank: its modes at the training and reference points.
double kernel_flow_memory(Index train, Index reference, int ranks);

/// One evaluation of the flow, a forward and a backward pass over n samples; its memory is that of
/// training.
StageCost evaluation_cost(const Network& network, Index samples, int ranks);

/// Bytes of a rank that has computed nothing yet: program, libraries and their buffers.
inline constexpr double memory_of_program = 90e6;

}  // namespace ntkflow
