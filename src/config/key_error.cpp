#include "ntkflow/config/key_error.hpp"

#include "ntkflow/config/key_names.hpp"
#include "ntkflow/config/value_text.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

std::string message(const std::string& key, const JobConfig& job, const std::string& need) {
  const std::string value = find_key(key)->text(job);
  return value.empty() ? fmt::format("{} is not set, {}", key, need)
                       : fmt::format("{} = {}, {}", key, shown(value), need);
}

}  // namespace

KeyError::KeyError(const std::string& key, const JobConfig& job, const std::string& need)
    : ConfigError(message(key, job, need)), key_(key) {}

}  // namespace ntkflow
