#pragma once

#include "ntkflow/base/types.hpp"

#include <string>

namespace ntkflow {

/// A damped integral int_0^t exp(-sigma_i (t - s)) g_i(s) ds on its way, one for each i, and the
/// last two g_i.
struct DampedIntegral {
  Vector value;
  Vector rate;
  Vector rate_before;

  /// Zero, for n components.
  void start(Index n) {
    value = Vector::Zero(n);
    rate = rate_before = Vector::Zero(n);
  }
};

/// How far the network has left the ideal law, split by cause: part of the state of a run. Vectors
/// of K (input space) and M (training set) entries, or empty when nobody asks.
struct DeviationState {
  double time = 0.0;       ///< of the last look
  double last_step = 0.0;  ///< from the look before to the last one
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
  field("deviation_last_step", state.last_step);
  field("deviation_looks", state.looks);
  const auto integral = [&field](const std::string& name, DampedIntegral& part) {
    field("deviation_" + name, part.value);
    field("deviation_" + name + "_rate", part.rate);
    field("deviation_" + name + "_rate_before", part.rate_before);
  };
  integral("data", state.data);
  integral("width", state.width);
  integral("drift", state.drift);
  if (state.train_width.value.size() == 0) return;
  integral("train_width", state.train_width);
  integral("train_drift", state.train_drift);
}

}  // namespace ntkflow
