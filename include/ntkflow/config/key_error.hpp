#pragma once

#include "ntkflow/config/job_config.hpp"

#include "ntkflow/base/error.hpp"

#include <string>

namespace ntkflow {

/// A value that does not go with the other values of the job: "flow.step = 2, need ...".
class KeyError : public ConfigError {
 public:
  KeyError(const std::string& key, const JobConfig& job, const std::string& need);
  const std::string& key() const { return key_; }

 private:
  std::string key_;
};

}  // namespace ntkflow
