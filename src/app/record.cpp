#include "ntkflow/app/record.hpp"

#include "ntkflow/archive/names.hpp"

namespace ntkflow {

void record_snapshot(Archive& archive, Index row, const Observation& seen, const FlowState& state,
                     const TrainSetting& setting) {
  const auto number = [&](std::string_view name, double value) {
    archive.write_snapshot(name, row, value);
  };
  number(names::time, seen.time);
  number(names::loss, seen.loss);
  number(names::train_norm, seen.train_norm);
  number(names::reference_norm, seen.reference_norm);
  number(names::theta_distance, seen.theta_distance);
  number(names::evaluations, state.counters.evaluations);
  archive.write_snapshot(names::steps, row, state.counters.steps);
  archive.write_snapshot(names::rejections, row, state.counters.rejections);
  number(names::step_size, state.next_step);
  archive.write_snapshot(names::rebuilds, row, state.counters.rebuilds);
  archive.write_snapshot(names::lanczos_iterations, row, state.counters.lanczos_iterations);
  number(names::seconds_evaluation, state.seconds.evaluation);
  number(names::seconds_kernel, state.seconds.kernel);
  number(names::seconds_linear_algebra, state.seconds.linear_algebra);
  number(names::seconds_communication, state.seconds.communication);
  number(names::seconds_archive, state.seconds.archive);

  const auto vector = [&](std::string_view name, const Vector& values) {
    archive.write_snapshot(name, row, span_of(values));
  };
  vector(names::projection, seen.projection);
  vector(names::ideal_projection, seen.ideal_projection);
  vector(names::projected_deviation, seen.projected_deviation);
  if (seen.train_projection.size() > 0) {
    vector(names::train_projection, seen.train_projection);
    vector(names::train_ideal_projection, seen.train_ideal_projection);
  }
  archive.write_snapshot(names::train_residual, row, setting.train.my_range(),
                         span_of(seen.train_residual));
  archive.write_snapshot(names::reference_residual, row, setting.reference.my_range(),
                         span_of(seen.reference_residual));
}

}  // namespace ntkflow
