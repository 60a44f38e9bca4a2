#pragma once

#include "ntkflow/linalg/row_blocks.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <vector>

namespace ntkflow {

/// An arc of the circle on which functions are looked at.
struct FrequencyWindow {
  double first;   ///< angle where it begins
  double length;  ///< > 0
};

/// The angular frequency w of each function in each window: that of the best fit A cos wx + B sin wx
/// in the weighted mean square, to 1e-6, looked for between 0 and `highest`. A Fourier transform of a
/// short arc has coarser bins.
///
/// Shape:      functions N x K; angles and weights of this rank's rows; result K x windows, NaN
///             where a function is 0 or a window has fewer than 4 points.
/// Memory:     4 highest / pi times the windows' lengths numbers a point.
/// Collective: on comm, that of the row blocks.
Matrix local_frequencies(const Communicator& comm, const RowBlocks& functions,
                         const Vector& my_angles, const Vector& my_weights,
                         const std::vector<FrequencyWindow>& windows, double highest);

}  // namespace ntkflow
