#pragma once

#include "ntkflow/archive/schema.hpp"

#include <span>
#include <string_view>

namespace ntkflow {

/// The sizes that the datasets of a job share.
struct ArchiveSizes {
  Index reference = 0;    ///< N
  Index train = 0;        ///< n
  Index dimension = 0;    ///< d
  Index modes = 0;        ///< K, at most; columns that are not found stay NaN
  Index train_modes = 0;  ///< M, at most
  Index snapshots = 0;    ///< T, the one at t = 0 included
  Index regions = 1;      ///< of rho
};

// The parts of a schema; a command adds those that it will write. A stage or snapshot commits only
// when every dataset that was added for it has been written.

/// /config: the effective job and the job file as given; written at creation.
void add_config(Schema& schema, std::string effective_text, std::string user_text);

/// /points and /target; stage "points".
void add_points(Schema& schema, const ArchiveSizes& sizes);

/// The named datasets of /kernel, e.g. {names::kernel_ntk}; stage "kernel".
void add_kernel(Schema& schema, const ArchiveSizes& sizes, std::span<const std::string_view> which);

/// /spectrum/analytic; stage "analytic_spectrum".
void add_analytic_spectrum(Schema& schema, const ArchiveSizes& sizes);

/// Which closed forms a job has; each part of which the size is 0 is left out.
struct ClosedFormSizes {
  Index known_degrees = 0;         ///< of /spectrum/known
  Index approximated_degrees = 0;  ///< of /spectrum/approximation
  Index arcs = 0;                  ///< on which local frequencies are compared
  Index harmonics = 0;             ///< of /convergence/harmonic
  Index parts = 0;                 ///< of rho, in which the target's convergence is timed
  Index thresholds = 0;            ///< of these times

  bool any() const { return known_degrees + approximated_degrees + arcs + harmonics + parts > 0; }
};

/// /spectrum/known, /spectrum/approximation, the local frequencies and times of the ideal flow; stage
/// "closed_forms".
void add_closed_forms(Schema& schema, const ArchiveSizes& sizes, const ClosedFormSizes& forms);

/// /spectrum/train; stage "train_spectrum".
void add_train_spectrum(Schema& schema, const ArchiveSizes& sizes);

/// /snapshot, /integrator and /trajectory with the markers /_commit; the projections on the
/// eigenvectors of the training set only when sizes.train_modes is not 0.
void add_trajectory(Schema& schema, const ArchiveSizes& sizes);

/// /kernel_distance; stage "kernel_distance".
void add_kernel_distance(Schema& schema);

/// /target/coefficient and what follows from it; stage "target".
void add_target(Schema& schema, const ArchiveSizes& sizes);

/// /convergence for so many thresholds, at least one; stage "convergence".
void add_convergence(Schema& schema, const ArchiveSizes& sizes, Index thresholds);

/// The rest of /integrator: what the flow has cost so far, in operations and seconds; a row a
/// snapshot.
void add_cost(Schema& schema, const ArchiveSizes& sizes);

/// /runs: a row for each start of the program on this archive.
void add_runs(Schema& schema);

}  // namespace ntkflow
