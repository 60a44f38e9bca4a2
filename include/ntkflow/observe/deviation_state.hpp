#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// A damped integral int_0^t exp(-sigma_i (t - s)) g_i(s) ds on its way, one for each i, and the
/// last g_i.
struct DampedIntegral {
  Vector value;
  Vector rate;

  /// Zero, for n components.
  void start(Index n) {
    value = Vector::Zero(n);
    rate = Vector::Zero(n);
  }
};

/// How far the network has left the ideal law, split by cause: part of the state of a run. Vectors
/// of K (input space) and M (training set) entries, or empty when nobody asks.
struct DeviationState {
  double time = 0.0;  ///< of the last look
  Index looks = 0;
  DampedIntegral data, width, drift;
  DampedIntegral train_width, train_drift;

  DeviationState() = default;
  DeviationState(Index modes, Index train_modes) {
    for (DampedIntegral* integral : {&data, &width, &drift}) integral->start(modes);
    for (DampedIntegral* integral : {&train_width, &train_drift}) integral->start(train_modes);
  }

  bool is_kept() const { return data.value.size() > 0; }
};

/// The fields of a kept state, for the writer and the reader of checkpoints.
template <typename Visitor>
void visit_fields(DeviationState& state, Visitor&& field) {
  if (!state.is_kept()) return;
  field("deviation_time", state.time);
  field("deviation_looks", state.looks);
  field("deviation_data", state.data.value);
  field("deviation_data_rate", state.data.rate);
  field("deviation_width", state.width.value);
  field("deviation_width_rate", state.width.rate);
  field("deviation_drift", state.drift.value);
  field("deviation_drift_rate", state.drift.rate);
  if (state.train_width.value.size() == 0) return;
  field("train_deviation_width", state.train_width.value);
  field("train_deviation_width_rate", state.train_width.rate);
  field("train_deviation_drift", state.train_drift.value);
  field("train_deviation_drift_rate", state.train_drift.rate);
}

}  // namespace ntkflow
