#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"

#include <functional>

namespace ntkflow {

/// Factor by which a component of eigenvalue sigma has decayed at time t.
using DecayLaw = std::function<double(double sigma, double t)>;

/// Gradient flow: exp(-sigma t).
double exponential_decay(double sigma, double t);

/// Gradient descent: (1 - eta sigma)^s after s = t / eta iterations.
/// Source: [B20] equation 8, in the mean-loss scaling.
DecayLaw gradient_descent_decay(double eta);

/// What the components of r_0 would be at time t by the law alone. Shape: K.
Vector ideal_projection(const KernelSpectrum& spectrum, const Vector& initial, double t,
                        const DecayLaw& law);

/// ||P_k g||^2 for k = 1..K from the coefficients of g. Shape: K.
Vector cumulative_squares(const Vector& coefficients);

/// ||P_k (r_t - ideal)|| for k = 1..K, the left side of [BM22] Theorem 1. Shape: K.
Vector projected_deviation(const Vector& projection, const Vector& ideal);

}  // namespace ntkflow
