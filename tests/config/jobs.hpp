#pragma once

#include "ntkflow/config/read_job.hpp"

#include "ntkflow/base/error.hpp"

#include <string>
#include <vector>

namespace ntkflow {

inline const std::string circle_job = R"(title = Circle
seed = 7

[input]
space = circle
[target]
frequencies = 1, 3
[reference]
points = 512
[training]
samples = 64
)";

inline const std::string dataset_job = R"([input]
space = dataset
path = mnist
classes = 0, 1
[target]
kind = labels
[reference]
rule = sample
points = 3000
[training]
samples = 1000
)";

inline const std::string points_job = R"([input]
space = points
train_points = data.h5:/x
[target]
kind = file
train_values = data.h5:/y
)";

inline JobConfig circle_with(const std::string& more) {
  return parse_job(circle_job + more, "job.ini");
}

/// The message with which a job is refused; "accepted" when it is not.
inline std::string refusal(const std::string& text, const std::vector<std::string>& sets = {}) {
  try {
    std::vector<Override> overrides;
    for (const std::string& set : sets) overrides.push_back(parse_override(set));
    parse_job(text, "job.ini", overrides);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace ntkflow
