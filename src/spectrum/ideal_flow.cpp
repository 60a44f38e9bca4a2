#include "ntkflow/spectrum/ideal_flow.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/spectrum/first_time.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {

IdealFlow::IdealFlow(const Communicator& comm, const KernelSpectrum& spectrum,
                     const Vector& my_initial, const IndexList& my_regions, Index regions)
    : sigma_(spectrum.eigenvalues), regional_(static_cast<std::size_t>(regions)) {
  const Matrix& phi = spectrum.eigenfunctions.local;
  NTKFLOW_EXPECTS(my_initial.size() == phi.rows() && count_of(my_regions) == phi.rows());
  initial_ = project(comm, spectrum, my_initial);
  const Vector rest = my_initial - phi * initial_;

  for (Index r = 0; r < regions; ++r) {
    Vector weights = spectrum.my_weights;
    for (Index i = 0; i < weights.size(); ++i)
      if (my_regions[static_cast<std::size_t>(i)] != r) weights[i] = 0;
    Region& region = regional_[static_cast<std::size_t>(r)];
    Vector numbers(2);
    numbers << weights.sum(), weights.dot(rest.cwiseAbs2());
    region.mixed = phi.transpose() * weights.cwiseProduct(rest);
    region.products = phi.transpose() * weights.asDiagonal() * phi;
    sum_over_ranks(comm, span_of(numbers));
    sum_over_ranks(comm, span_of(region.mixed));
    sum_over_ranks(comm, span_of(region.products));
    region.mass = numbers[0];
    region.rest = numbers[1];
  }
}

double IdealFlow::mean_square(const Region& region, const Vector& coefficients) const {
  const double square = region.rest + 2 * region.mixed.dot(coefficients) +
                        coefficients.dot(region.products * coefficients);
  return std::max(square, 0.0);
}

double IdealFlow::rms(Index region, double time) const {
  NTKFLOW_EXPECTS(0 <= region && region <= regions());
  const Vector c = initial_.array() * (-sigma_.array() * time).exp();
  const auto first = regional_.begin() + std::min(region, regions() - 1);
  double mass = 0, square = 0;
  for (auto r = region < regions() ? first : regional_.begin();
       r != (region < regions() ? first + 1 : regional_.end()); ++r) {
    mass += r->mass;
    square += mean_square(*r, c);
  }
  return std::sqrt(square / mass);
}

double IdealFlow::convergence_time(Index region, double fraction) const {
  const double slowest = sigma_[sigma_.size() - 1];
  return first_time_at([&](double t) { return rms(region, t); }, fraction * rms(region, 0),
                       1e-3 / sigma_[0], 1e6 / slowest);
}

}  // namespace ntkflow
