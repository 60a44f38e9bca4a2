#pragma once

#include <functional>

namespace ntkflow {

/// The first t > 0 at which a continuous function of time has fallen to `value`, to 1e-10 of t; NaN
/// when it stays above until `last`. Dips between neighbours of a grid of 20 times a decade, from
/// `first` on, are not seen.
/// Expects: 0 < first < last.
double first_time_at(const std::function<double(double)>& function, double value, double first,
                     double last);

}  // namespace ntkflow
