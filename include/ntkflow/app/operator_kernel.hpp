#pragma once

#include "ntkflow/app/experiment.hpp"
#include "ntkflow/kernel/kernel.hpp"

#include <memory>
#include <string>

namespace ntkflow {

/// The kernel K of [reference] kernel, and the point sets as it wants to see them: those of the
/// experiment, or their numbers when K is a matrix in a file.
struct OperatorKernel {
  std::shared_ptr<const Kernel> kernel;
  std::shared_ptr<const PointSet> reference;
  std::shared_ptr<const PointSet> train;
};

/// Collective.
/// Memory: of initial, theta_0 on every rank; of monte_carlo, every draw of it.
/// Throws: on all ranks: ConfigError for a matrix that is no kernel at the reference points, or when
///         it is given and the training points are others; MissingInput.
OperatorKernel make_operator_kernel(const Communicator& world, const JobConfig& job,
                                    const Experiment& experiment);

/// Lets an analytic kernel with a kink be integrated exactly where the reference points are a
/// quadrature rule of the circle. Returns what was done, for the log; empty: nothing.
std::string integrate_kinks(const JobConfig& job, OperatorKernel& given);

/// Refuses a given matrix that has shown a negative eigenvalue, which no kernel has.
/// Throws: ConfigError when smallest < -1e-10 largest.
void refuse_indefinite(const ReferenceKernel& kernel, double smallest, double largest);

}  // namespace ntkflow
