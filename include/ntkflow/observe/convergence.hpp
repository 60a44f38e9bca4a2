#pragma once

#include "ntkflow/base/types.hpp"

#include <vector>

namespace ntkflow {

/// First time at which `values` have fallen to `fraction` of the first one, the logarithm of the
/// value being linear in t between two times (exact for exponentials); NaN when they never do, or
/// start from 0. Shape: times increasing, as many values >= 0.
double convergence_time(const std::vector<double>& times, const Vector& values, double fraction);

/// The same for each column. Shape: values T x columns.
Vector convergence_times(const std::vector<double>& times, const Matrix& values, double fraction);

/// |c_i| replaced by the norm over the eigenspace of i, which no choice of basis changes; what
/// starts below 1e-9 of `scale` is rounding and becomes 0.
/// Shape: coefficients T x K, eigenspace K.
Matrix eigenspace_sizes(const Matrix& coefficients, const IndexList& eigenspace, double scale);

}  // namespace ntkflow
