#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/fourier_series.hpp"
#include "ntkflow/input/input_spec.hpp"

#include <vector>

namespace ntkflow {

/// The same direction as an angle in [-pi, pi).
double wrap_angle(double angle);

/// A probability density on the circle: constant on each of one or more arcs, or, on one arc, a
/// trigonometric polynomial.
class CircleDensity {
 public:
  struct Arc {
    double first;    ///< angle where it begins, as given
    double length;   ///< > 0
    double density;  ///< its mean on the arc: sum of length * density is 1
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

  /// p(a) = (1 + sum_j cosines[j-1] cos(j a) + sines[j-1] sin(j a)) / (2 pi), one arc from -pi.
  /// Throws: ConfigError unless the coefficients are finite and p > 0 everywhere.
  /// Source: [B20] section 5 has (3 cos(2 a + pi) + 4.5) / (9 pi), which is cosines 0, -2/3.
  static CircleDensity fourier(const std::vector<double>& cosines,
                               const std::vector<double>& sines);

  const std::vector<Arc>& arcs() const { return arcs_; }
  bool is_constant_on_arcs() const { return modulation_.degree() == 0; }

  /// The highest frequency of a trigonometric polynomial; 0 where the density is constant on arcs.
  Index degree() const { return static_cast<Index>(modulation_.degree()); }

  /// p at an angle of any period.
  double operator()(double angle) const;

  /// The arc that an angle of any period lies on; an edge belongs to the arc that begins there.
  Index region(double angle) const;

  /// Mass from the first arc's beginning anticlockwise to an angle, in [0, 1].
  double distribution(double angle) const;

  /// Inverse of the distribution function, u in (0, 1): exact to rounding, and monotone.
  /// Units: radians in [-pi, pi).
  double quantile(double u) const;

 private:
  explicit CircleDensity(std::vector<Arc> arcs, FourierSeries modulation = FourierSeries());

  double distance_from_start(double angle) const;

  std::vector<Arc> arcs_;
  FourierSeries modulation_;         ///< p divided by the arc's mean density
  std::vector<double> mass_before_;  ///< of the arcs before arc j
};

/// The density that a job asks for on the circle.
/// Throws: ConfigError as above.
CircleDensity circle_density(const InputSpec& input);

}  // namespace ntkflow
