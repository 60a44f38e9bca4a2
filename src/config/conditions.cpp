#include "ntkflow/config/conditions.hpp"

#include "ntkflow/base/text.hpp"

namespace ntkflow {
namespace {

bool is_circle(const JobConfig& job) {
  return job.input.space == Space::circle;
}
bool is_dataset(const JobConfig& job) {
  return job.input.space == Space::dataset;
}
bool is_explicit(const JobConfig& job) {
  return job.input.space == Space::points;
}

// Whether some layer has the width W.
bool names_common_width(const JobConfig& job) {
  for (const std::string& layer : split(job.network.layers, ','))
    for (const std::string& part : split(layer, ':'))
      if (part == "W") return true;
  return false;
}

}  // namespace

Condition on_circle() {
  return {"input.space = circle", is_circle};
}

Condition with_piecewise_density() {
  return {"input.density = piecewise", [](const JobConfig& job) {
            return is_circle(job) && job.input.density == Density::piecewise;
          }};
}

Condition with_images() {
  return {"input.space = dataset", is_dataset};
}

Condition with_explicit_points() {
  return {"input.space = points", is_explicit};
}

Condition with_reference_file() {
  return {"input.reference_points is set", [](const JobConfig& job) {
            return is_explicit(job) && job.input.reference_points.given();
          }};
}

Condition with_drawn_points() {
  return {"input.space = circle or dataset",
          [](const JobConfig& job) { return !is_explicit(job); }};
}

Condition with_counted_reference() {
  return {"reference.rule = quadrature or sample", [](const JobConfig& job) {
            return !is_explicit(job) && job.reference.rule != ReferenceRule::all;
          }};
}

Condition with_common_split() {
  return {"input.space = dataset and reference.split = train", [](const JobConfig& job) {
            return is_dataset(job) && job.reference.split == Split::train;
          }};
}

Condition with_common_width() {
  return {"a layer's width is W", names_common_width};
}

Condition with_tolerance() {
  return {"flow.integrator = exponential, rkc or dopri5", [](const JobConfig& job) {
            return job.flow.integrator == IntegratorKind::exponential ||
                   job.flow.integrator == IntegratorKind::rkc ||
                   job.flow.integrator == IntegratorKind::dopri5;
          }};
}

Condition with_step() {
  return {"flow.integrator = gradient_descent or linearised", [](const JobConfig& job) {
            return job.flow.integrator == IntegratorKind::gradient_descent ||
                   job.flow.integrator == IntegratorKind::linearised;
          }};
}

Condition with_gradient_descent() {
  return {"flow.integrator = gradient_descent", [](const JobConfig& job) {
            return job.flow.integrator == IntegratorKind::gradient_descent;
          }};
}

Condition with_time_grid() {
  return {"flow.times is not set", [](const JobConfig& job) { return job.flow.times.empty(); }};
}

Condition with_log_grid() {
  return {"flow.spacing = log and flow.times is not set", [](const JobConfig& job) {
            return job.flow.times.empty() && job.flow.spacing == Spacing::log;
          }};
}

}  // namespace ntkflow
