#include "ntkflow/observe/projection.hpp"

#include <cmath>

namespace ntkflow {

double exponential_decay(double sigma, double t) {
  return std::exp(-sigma * t);
}

DecayLaw gradient_descent_decay(double eta) {
  return [eta](double sigma, double t) { return std::pow(1.0 - eta * sigma, std::round(t / eta)); };
}

Vector ideal_projection(const KernelSpectrum& spectrum, const Vector& initial, double t,
                        const DecayLaw& law) {
  return spectrum.eigenvalues.unaryExpr([&](double sigma) { return law(sigma, t); })
      .cwiseProduct(initial);
}

Vector cumulative_squares(const Vector& coefficients) {
  Vector result = coefficients.cwiseAbs2();
  for (Index k = 1; k < result.size(); ++k) result(k) += result(k - 1);
  return result;
}

Vector projected_deviation(const Vector& projection, const Vector& ideal) {
  return cumulative_squares(projection - ideal).cwiseSqrt();
}

}  // namespace ntkflow
