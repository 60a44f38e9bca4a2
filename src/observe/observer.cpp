#include "ntkflow/observe/observer.hpp"

namespace ntkflow {

Observer::Observer(Setting setting, const ShardedVector& theta_0)
    : setting_(std::move(setting)), theta_0_(theta_0) {
  const Vector whole = theta_0.gather();
  const Vector reference = setting_.reference.value(span_of(whole));
  initial_ = project(setting_.reference.comm(), setting_.spectrum, reference);
  const Vector train = setting_.train.value(span_of(whole));
  initial_train_norm_ = setting_.train.norm(train);
  if (setting_.train_spectrum != nullptr)
    train_initial_ = project(setting_.train.comm(), *setting_.train_spectrum, train);
}

Observation Observer::observe(const ShardedVector& theta, double time) const {
  Observation result;
  result.time = time;
  const Vector whole = theta.gather();
  result.train_residual = setting_.train.value(span_of(whole));
  result.reference_residual = setting_.reference.value(span_of(whole));

  result.train_norm = setting_.train.norm(result.train_residual);
  result.reference_norm = setting_.reference.norm(result.reference_residual);
  result.loss = 0.5 * result.train_norm * result.train_norm;
  ShardedVector moved = theta;
  moved.local() -= theta_0_.local();
  result.theta_distance = norm(moved);

  result.projection =
      project(setting_.reference.comm(), setting_.spectrum, result.reference_residual);
  result.ideal_projection = ideal_projection(setting_.spectrum, initial_, time, exponential_decay);
  result.projected_deviation = projected_deviation(result.projection, result.ideal_projection);

  if (setting_.train_spectrum != nullptr) {
    result.train_projection =
        project(setting_.train.comm(), *setting_.train_spectrum, result.train_residual);
    result.train_ideal_projection =
        ideal_projection(*setting_.train_spectrum, train_initial_, time, setting_.train_law);
  }
  return result;
}

}  // namespace ntkflow
