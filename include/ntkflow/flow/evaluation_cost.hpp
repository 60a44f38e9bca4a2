#pragma once

namespace ntkflow {

/// What the parts of an evaluation, a full-batch forward and backward pass, count: a third a forward
/// pass, two thirds a backward pass. J v and J^T u repeat the forward pass that they need, and count
/// what they do.
inline constexpr double value_cost = 1.0 / 3.0, jvp_cost = 2.0 / 3.0, vjp_cost = 1.0;

}  // namespace ntkflow
