#pragma once

#include "ntkflow/config/job_config.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ntkflow {

/// Where a key has an effect.
struct Condition {
  std::string text;  ///< "input.space = circle"
  std::function<bool(const JobConfig&)> holds;
};

/// One key of the job file: how it is read, written and explained.
struct Key {
  std::string name;     ///< section.key; a key before the first section has no dot
  std::string needed;   ///< kind and range of the value, "an integer >= 1"
  std::string meaning;  ///< for `ntkflow keys`

  /// Whether a value is a path, relative to the folder of where it was written.
  std::function<bool(std::string_view)> is_path;

  /// Throws: ConfigError("need ...").
  std::function<void(JobConfig&, std::string_view)> set;
  std::function<std::string(const JobConfig&)> text;  ///< empty: not set

  std::optional<Condition> condition;
  bool is_required = false;  ///< wherever it has an effect
  bool is_identity = true;   ///< a run and its resumption must agree on it

  bool applies_to(const JobConfig& job) const { return !condition || condition->holds(job); }

  Key& only_when(Condition where) {
    condition = std::move(where);
    return *this;
  }
  Key& required() {
    is_required = true;
    return *this;
  }
  Key& may_change_on_resumption() {
    is_identity = false;
    return *this;
  }
};

}  // namespace ntkflow
