#pragma once

#include "ntkflow/base/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// A scalar non-linearity omega, applied entry by entry. Instances are immutable singletons:
/// compare and store pointers.
class Activation {
 public:
  virtual ~Activation() = default;
  virtual std::string_view name() const = 0;

  /// Writes omega(z) and omega'(z) over whole blocks; out may be the input's storage.
  virtual void value(const double* z, Index count, double* out) const = 0;
  virtual void derivative(const double* z, Index count, double* out) const = 0;
};

/// The activation of that name. Throws: ConfigError with the nearest name.
const Activation& activation(std::string_view name);

/// All names, for messages and `ntkflow keys`.
std::vector<std::string> activation_names();

}  // namespace ntkflow
