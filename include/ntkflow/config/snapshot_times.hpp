#pragma once

#include "ntkflow/config/job_config.hpp"

#include <span>
#include <vector>

namespace ntkflow {

/// How many snapshots the flow makes, with the one at t = 0. Needs no spectrum, so that the archive
/// can be laid out first.
Index snapshot_count(const FlowSpec& flow);

/// The times of the snapshots: 0, then flow.times, or `snapshots` times up to t_end exactly, spaced
/// evenly (linear) or by a constant factor from t_first (log). Strictly increasing.
///
/// gradient_descent only knows multiples of its step: every time becomes the nearest one. Grid
/// times that meet on one iteration move to the next free ones, so that the count stays; explicit
/// times that do are an error. A time s * step leads back to s by rounding. Shape:
/// snapshot_count(flow); eigenvalues sigma_1, sigma_2, ... of the reference operator. Throws:
/// ConfigError that names the key: sigma[i] unknown or not positive, t_first not below
///         t_end, fewer iterations than snapshots; where sigma_1 is known, a last time that the
///         integrator would not reach.
std::vector<double> snapshot_times(const FlowSpec& flow, std::span<const double> eigenvalues);

/// The times of a finished run's snapshots after the one at t = 0, and those of a run that goes on
/// to `end`: a grid goes on with its spacing, without a last interval of less than half of it; a
/// list gets the end alone.
/// Shape:  known_times: those of the finished run, 0 first; eigenvalues as above.
/// Throws: ConfigError when the end is not later than the last time known, and for more than the
///         1,000 times that a job file can list.
std::vector<double> extended_times(const FlowSpec& flow, std::span<const double> known_times,
                                   const TimeSpec& end, std::span<const double> eigenvalues);

}  // namespace ntkflow
