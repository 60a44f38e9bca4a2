#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/config/read_job.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// One job of a sweep.
struct SweepMember {
  std::string name;                 ///< "network.width=256,seed=1": its folder
  std::vector<std::string> values;  ///< as written, of each key of the sweep
  JobConfig config;                 ///< its output is FOLDER/NAME/run.h5
};

/// The jobs that the section [sweep] of a job file makes of the others: one for each element of the
/// product of its lines. A line is a list of values for a key, or for several keys that change
/// together:
///
///     network.width = 256, 512, 1024
///     seed = 1..10                                    the integers from 1 to 10
///     network.width & training.samples = 128, 256     both 128, then both 256
///     network.width & flow.t_end = 128 & 10, 256 & 20
///     network.layers = fc:64, fc:64; fc:128           ';' where values have commas themselves
///     groups = 2                                      members that are computed side by side
struct Sweep {
  std::string folder;                ///< the job's output without .h5
  std::vector<std::string> keys;     ///< in the order of the lines
  std::vector<SweepMember> members;  ///< the first line's value changes slowest
  Index groups = 1;
  std::string text;  ///< the section as it is in force, for `ntkflow validate`
};

/// The sweep of a job file; nothing when it has none. A line of [sweep] may be set by an override
/// too: --set sweep.seed=1..3. Every member is checked as far as no other file is needed.
/// Throws: ConfigError that names the line: an unknown key, a key that is set twice, equal values,
/// more than 10,000 members, or what is wrong with a member.
std::optional<Sweep> parse_sweep(std::string_view text, const std::string& name,
                                 std::span<const Override> overrides = {});

/// What `ntkflow keys sweep` prints.
std::string sweep_help();

}  // namespace ntkflow
