#include "ntkflow/input/fourier_series.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace ntkflow {
namespace {

constexpr double pi = std::numbers::pi;

}  // namespace

FourierSeries::FourierSeries(std::vector<double> cosines, std::vector<double> sines)
    : cosines_(std::move(cosines)), sines_(std::move(sines)) {
  const std::size_t degree = std::max(cosines_.size(), sines_.size());
  cosines_.resize(degree, 0);
  sines_.resize(degree, 0);
}

double FourierSeries::operator()(double angle) const {
  double sum = 1;
  for (std::size_t k = 0; k < degree(); ++k) {
    const double phase = static_cast<double>(k + 1) * angle;
    sum += cosines_[k] * std::cos(phase) + sines_[k] * std::sin(phase);
  }
  return sum;
}

double FourierSeries::slope(double angle) const {
  double sum = 0;
  for (std::size_t k = 0; k < degree(); ++k) {
    const auto j = static_cast<double>(k + 1);
    sum += j * (sines_[k] * std::cos(j * angle) - cosines_[k] * std::sin(j * angle));
  }
  return sum;
}

double FourierSeries::integral(double angle) const {
  double sum = angle + pi;
  for (std::size_t k = 0; k < degree(); ++k) {
    const auto j = static_cast<double>(k + 1);
    const double at_start = (k + 1) % 2 == 0 ? 1 : -1;  // cos(-j pi)
    sum += (cosines_[k] * std::sin(j * angle) - sines_[k] * (std::cos(j * angle) - at_start)) / j;
  }
  return sum;
}

bool FourierSeries::is_positive() const {
  double curvature = 0;  // |q''| <= this
  for (std::size_t k = 0; k < degree(); ++k) {
    const auto j = static_cast<double>(k + 1);
    curvature += j * j * (std::abs(cosines_[k]) + std::abs(sines_[k]));
  }
  constexpr int most_halvings = 24;
  const std::function<bool(double, double, int)> positive_around = [&](double centre, double reach,
                                                                       int halvings) {
    const double value = (*this)(centre);
    if (!(value > 0)) return false;
    if (value > reach * (std::abs(slope(centre)) + reach * curvature / 2)) return true;
    return halvings < most_halvings &&
           positive_around(centre - reach / 2, reach / 2, halvings + 1) &&
           positive_around(centre + reach / 2, reach / 2, halvings + 1);
  };
  return positive_around(0, pi, 0);
}

}  // namespace ntkflow
