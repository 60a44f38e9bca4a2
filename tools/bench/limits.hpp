#pragma once

#include "ntkflow/network/architecture.hpp"

#include <functional>
#include <vector>

namespace ntkflow {

/// What the machine can do at best, on one core, to compare our own speeds with. Each call is one
/// measurement; measure in alternation with what is compared, and take medians.

/// Flops a second of C += A B with C m x n and A m x k.
double dgemm_rate(Index m, Index n, Index k);

/// Flops a second of C += A A^T, C n x n (one triangle) and A n x k.
double dsyrk_rate(Index n, Index k);

/// Elements a second of a function over 4,096 numbers in cache.
double acos_rate();
double sqrt_rate();
double tanh_rate();

/// Numbers of a point's series where the limit kernel of a fully connected network uses series: of
/// the value and of the slope, of all layers together, for a point of mean square 1. 0 for ReLU and
/// its family.
Index series_numbers(const Architecture& architecture);

/// Bytes a second written to memory that no cache holds.
double memory_write_rate();

/// Seconds that work takes, once.
double seconds_of(const std::function<void()>& work);

/// The middle of some measurements.
double median(std::vector<double> values);

}  // namespace ntkflow
