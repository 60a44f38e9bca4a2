#include "ntkflow/app/record.hpp"

#include "ntkflow/archive/names.hpp"

namespace ntkflow {

namespace {

void record_flow(Archive& archive, Index row, const FlowState& state) {
  archive.write_snapshot(names::evaluations, row, state.counters.evaluations);
  archive.write_snapshot(names::steps, row, state.counters.steps);
  archive.write_snapshot(names::rejections, row, state.counters.rejections);
  archive.write_snapshot(names::step_size, row, state.next_step);
  archive.write_snapshot(names::rebuilds, row, state.counters.rebuilds);
  archive.write_snapshot(names::lanczos_iterations, row, state.counters.lanczos_iterations);
  archive.write_snapshot(names::seconds_evaluation, row, state.seconds.evaluation);
  archive.write_snapshot(names::seconds_kernel, row, state.seconds.kernel);
  archive.write_snapshot(names::seconds_linear_algebra, row, state.seconds.linear_algebra);
  archive.write_snapshot(names::seconds_communication, row, state.seconds.communication);
  archive.write_snapshot(names::seconds_archive, row, state.seconds.archive);
}

void record_basics(Archive& archive, Index row, const Observation& seen,
                   const TrainSetting& setting) {
  const auto number = [&](std::string_view name, double value) {
    archive.write_snapshot(name, row, value);
  };
  number(names::time, seen.time);
  number(names::loss, seen.loss);
  number(names::train_norm, seen.train_norm);
  number(names::reference_norm, seen.reference_norm);
  number(names::theta_distance, seen.theta_distance);

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

}  // namespace

void record_snapshot(Archive& archive, const RunState& state, const ShardedVector& theta,
                     const TrainSetting& setting) {
  const Index row = state.next_snapshot;
  const double time = setting.times[static_cast<std::size_t>(row)];
  const Observation seen = setting.observer.observe(theta, time);
  record_flow(archive, row, state.flow);
  record_basics(archive, row, seen, setting);
  setting.observables.record(archive, {row, count_of(setting.times)}, seen, theta, state.deviation);
}

}  // namespace ntkflow
