#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// The linear map that brings a row of `from` pixels to `to` pixels. Rows sum to 1.
///
/// Fewer pixels: each is the mean over the stretch it covers (area averaging). More: linear
/// interpolation between pixel centres, constant beyond the outer ones. Applied to the rows and then
/// to the columns of an image the latter is bilinear interpolation.
/// Shape: to x from.
Matrix resampling_matrix(Index from, Index to);

}  // namespace ntkflow
