#pragma once

namespace ntkflow {

/// What the parts of an evaluation, a full-batch forward and backward pass, count; J v is one more
/// forward pass beside the one at theta.
inline constexpr double value_cost = 1.0 / 3.0, backward_cost = 2.0 / 3.0, tangent_cost = 1.0 / 3.0;

}  // namespace ntkflow
