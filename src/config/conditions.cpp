#include "ntkflow/config/conditions.hpp"

#include "ntkflow/base/text.hpp"

namespace ntkflow {
namespace {

bool is_circle(const JobConfig& job) {
  return job.input.space == Space::circle;
}
bool is_sphere(const JobConfig& job) {
  return job.input.space == Space::sphere;
}
bool is_dataset(const JobConfig& job) {
  return job.input.space == Space::dataset;
}
bool is_explicit(const JobConfig& job) {
  return job.input.space == Space::points;
}

bool is_training_drawn(const JobConfig& job) {
  return !is_explicit(job) && job.training.rule == TrainingRule::iid;
}
bool has_cosines(const JobConfig& job) {
  return is_circle(job) && job.target.kind != TargetKind::none;
}
bool has_harmonics(const JobConfig& job) {
  return is_sphere(job) && job.target.kind == TargetKind::harmonics;
}

// Whether some layer has the width W.
bool names_common_width(const JobConfig& job) {
  for (const std::string& layer : split(job.network.layers, ','))
    for (const std::string& part : split(layer, ':'))
      if (part == "W") return true;
  return false;
}

}  // namespace

Condition with_circle_rule() {
  return {"input.space = circle and reference.rule = quadrature", [](const JobConfig& job) {
            return is_circle(job) && job.reference.rule == ReferenceRule::quadrature;
          }};
}

Condition on_sphere() {
  return {"input.space = sphere", is_sphere};
}

Condition on_circle_or_sphere() {
  return {"input.space = circle or sphere",
          [](const JobConfig& job) { return is_circle(job) || is_sphere(job); }};
}

Condition with_fourier_density() {
  return {"input.density = fourier", [](const JobConfig& job) {
            return is_circle(job) && job.input.density == Density::fourier;
          }};
}

Condition with_hemispheres() {
  return {"input.density = hemispheres", [](const JobConfig& job) {
            return is_sphere(job) && job.input.density == Density::hemispheres;
          }};
}

Condition with_piecewise_density() {
  return {"input.density = piecewise", [](const JobConfig& job) {
            return is_circle(job) && job.input.density == Density::piecewise;
          }};
}

Condition with_images() {
  return {"input.space = dataset", is_dataset};
}

Condition with_colour_images() {
  return {"input.dataset = cifar10",
          [](const JobConfig& job) { return is_dataset(job) && job.input.dataset == "cifar10"; }};
}

// Cosines are the default: a kind that the circle does not have is refused by check_job(), which
// knows better what is wrong.
Condition with_cosines() {
  return {"target.kind = cosines", has_cosines};
}

Condition with_harmonics() {
  return {"target.kind = harmonics", has_harmonics};
}

Condition with_amplitudes() {
  return {"target.kind = cosines or harmonics",
          [](const JobConfig& job) { return has_cosines(job) || has_harmonics(job); }};
}

Condition with_labels() {
  return {"target.kind = labels", [](const JobConfig& job) {
            return is_dataset(job) && job.target.kind != TargetKind::none;
          }};
}

Condition with_values_from_file() {
  return {"target.kind = file", [](const JobConfig& job) {
            return is_explicit(job) && job.target.kind != TargetKind::none;
          }};
}

Condition with_explicit_points() {
  return {"input.space = points", is_explicit};
}

Condition with_reference_values() {
  return {"input.reference_points is set and target.kind = file", [](const JobConfig& job) {
            return is_explicit(job) && job.input.reference_points.given() &&
                   job.target.kind != TargetKind::none;
          }};
}

Condition with_drawn_training() {
  return {"training.rule = iid", is_training_drawn};
}

Condition with_drawn_points() {
  return {"input.space = circle, sphere or dataset",
          [](const JobConfig& job) { return !is_explicit(job); }};
}

Condition with_counted_reference() {
  return {"reference.rule = quadrature or sample", [](const JobConfig& job) {
            return !is_explicit(job) && job.reference.rule != ReferenceRule::all;
          }};
}

Condition with_common_split() {
  return {"input.space = dataset, reference.split = train and training.rule = iid",
          [](const JobConfig& job) {
            return is_dataset(job) && job.reference.split == Split::train && is_training_drawn(job);
          }};
}

Condition with_krylov() {
  return {"reference.solver = auto or krylov", [](const JobConfig& job) {
            const SolverChoice solver = job.reference_operator.solver;
            return solver == SolverChoice::automatic || solver == SolverChoice::krylov;
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

Condition with_flow() {
  return {"flow.integrator is not gradient_descent", [](const JobConfig& job) {
            return job.flow.integrator != IntegratorKind::gradient_descent;
          }};
}

Condition with_bounds() {
  return {"observe.bounds = yes", [](const JobConfig& job) { return job.observe.bounds; }};
}

Condition with_deviations() {
  return {"observe.deviations = yes", [](const JobConfig& job) { return job.observe.deviations; }};
}

Condition with_looks_at_kernel() {
  return {"observe.drift = yes or observe.fisher = yes",
          [](const JobConfig& job) { return job.observe.drift || job.observe.fisher; }};
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
