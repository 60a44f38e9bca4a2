#pragma once

#include "ntkflow/app/cost_model.hpp"
#include "ntkflow/config/job_config.hpp"
#include "ntkflow/network/network.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include <string>

namespace ntkflow {

/// Which solver finds a spectrum, and why.
struct SolverDecision {
  Solver solver = Solver::dense;
  Index most_columns = 0;  ///< of the Krylov basis; 0: as many as it likes
  StageCost cost;
  std::string reason;  ///< "krylov: 100 of 50000 pairs; ..."
};

/// What the job asks for or, with `auto`, what suits the size and the memory of a rank: a function of
/// its arguments alone, so that all ranks decide alike.
SolverDecision choose_solver(const OperatorSpec& spec, const SpectrumSize& size,
                             double memory_of_rank);

/// The problem of a job's kernel on so many points.
SpectrumSize spectrum_size(const JobConfig& job, const Network& network, Index points, int ranks);

/// All pairs of K_t, the kernel of a finite network, on so many points.
SpectrumSize tangent_size(const Network& network, Index points, int ranks);

/// "1.2 GiB", "340 MiB"
std::string memory_text(double bytes);

}  // namespace ntkflow
