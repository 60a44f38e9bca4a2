#include "ntkflow/spectrum/first_time.hpp"

#include "ntkflow/base/error.hpp"

#include <cmath>
#include <limits>

namespace ntkflow {

double first_time_at(const std::function<double(double)>& function, double value, double first,
                     double last) {
  NTKFLOW_EXPECTS(0 < first && first < last);
  constexpr double accuracy = 1e-10;
  const double ratio = std::pow(10.0, 0.05);
  double above = 0, below = first;
  while (function(below) > value) {
    if (below >= last) return std::numeric_limits<double>::quiet_NaN();
    above = below;
    below = std::fmin(below * ratio, last);
  }
  while (below - above > accuracy * below) {
    const double middle = (above + below) / 2;
    (function(middle) > value ? above : below) = middle;
  }
  return (above + below) / 2;
}

}  // namespace ntkflow
