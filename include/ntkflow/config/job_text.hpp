#pragma once

#include "ntkflow/config/job_config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ntkflow {

/// The effective job as a job file: every key that has an effect, defaults written out; the others
/// are named in comments. parse_job() of it gives the same job, bit for bit, in any directory.
std::string effective_text(const JobConfig& job);

/// One line `section.key = value` for each key that is set, has an effect, and must not change
/// between a run and its resumption: two jobs are the same exactly when these texts are equal.
std::string identity_text(const JobConfig& job);

/// How two identity texts differ, on one line: "flow.tolerance = 0.001 in the archive, 0.0001 in
/// the job". At most three keys are named, the rest counted; empty when the texts are equal.
std::string describe_difference(std::string_view archive, std::string_view job);

/// What `ntkflow keys [section]` prints: of every key the kind and range of its values, the
/// default, where it has an effect, and its meaning. Throws: ConfigError for an unknown section,
/// with the nearest one.
std::string keys_text(const std::optional<std::string>& section = std::nullopt);

}  // namespace ntkflow
