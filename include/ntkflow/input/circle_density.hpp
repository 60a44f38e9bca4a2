#pragma once

#include "ntkflow/base/types.hpp"

#include <vector>

namespace ntkflow {

/// The same direction as an angle in [-pi, pi).
double wrap_angle(double angle);

/// A probability density on the circle that is constant on arcs.
class CircleDensity {
 public:
  struct Arc {
    double first;    ///< angle where it begins, as given
    double length;   ///< > 0
    double density;  ///< of a probability measure: sum of length * density is 1
    double end() const { return first + length; }
  };

  /// p = 1/(2 pi), one arc from -pi.
  static CircleDensity uniform();

  /// Arc j runs from edges[j] to edges[j+1], the last one round to edges[0] + 2 pi. The density on
  /// it is proportional to values[j]; values are relative heights of the density, not masses.
  /// Throws: ConfigError unless the edges increase strictly within one period and there are as
  ///         many values, all finite and > 0.
  static CircleDensity piecewise(const std::vector<double>& edges,
                                 const std::vector<double>& values);

  const std::vector<Arc>& arcs() const { return arcs_; }

  /// Inverse of the distribution function that starts at the first arc, u in (0, 1).
  /// Units: radians in [-pi, pi).
  double quantile(double u) const;

 private:
  explicit CircleDensity(std::vector<Arc> arcs);

  std::vector<Arc> arcs_;
  std::vector<double> mass_before_;  ///< of the arcs before arc j
};

}  // namespace ntkflow
