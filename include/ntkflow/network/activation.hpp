#pragma once

#include "ntkflow/base/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// A scalar non-linearity omega, applied entry by entry. Instances are immutable singletons:
/// compare and store pointers. ReLU's derivative at 0 is 0. NaN stays NaN.
class Activation {
 public:
  virtual ~Activation() = default;
  virtual std::string_view name() const = 0;

  /// out = omega(z) over a whole block; out may be z itself.
  virtual void value(const double* z, Index count, double* out) const = 0;

  /// value = omega(z) and derivative = omega'(z) in one pass; either output may be z itself.
  virtual void value_and_derivative(const double* z, Index count, double* value,
                                    double* derivative) const = 0;
};

/// The activation of that name: relu max(z, 0), tanh, or erf (erf(z), not erf(z / sqrt 2)).
/// Throws: ConfigError with the nearest name.
const Activation& activation(std::string_view name);

/// All names, for messages and `ntkflow keys`.
std::vector<std::string> activation_names();

}  // namespace ntkflow
