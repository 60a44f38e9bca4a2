#pragma once

#include "ntkflow/base/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// omega(-z) = omega(z), -omega(z), or neither.
enum class Parity { none, even, odd };

/// omega(z) = negative z for z <= 0 and positive z for z > 0, also in the derivative: omega'(0) is
/// `negative`.
struct Slopes {
  double negative;
  double positive;
};

/// A scalar non-linearity omega, applied entry by entry. Instances are immutable singletons:
/// compare and store pointers. NaN stays NaN.
class Activation {
 public:
  virtual ~Activation() = default;

  /// As activation() takes it; with the parameter where there is one.
  virtual std::string_view name() const = 0;

  /// What a dual may use: the symmetry, and the slopes of a positively homogeneous omega.
  virtual Parity parity() const = 0;
  virtual std::optional<Slopes> slopes() const = 0;

  /// out = omega(z) over a whole block; out may be z itself.
  virtual void value(const double* z, Index count, double* out) const = 0;

  /// value = omega(z) and derivative = omega'(z) in one pass; either output may be z itself.
  virtual void value_and_derivative(const double* z, Index count, double* value,
                                    double* derivative) const = 0;
};

/// The activation of that name: relu max(z, 0); leaky_relu:a, a z for z <= 0 (a = 0.01 when left
/// out); abs; identity; erf (erf(z), not erf(z / sqrt 2)); sin; cos; gelu z Phi(z), Phi the normal
/// distribution function; tanh; sigmoid 1/(1 + exp(-z)); softplus log(1 + exp(z)); swish
/// z sigmoid(z). One name gives one object, for the life of the program. Thread-safe.
/// Throws: ConfigError with the nearest name, or for a parameter that is not a number.
const Activation& activation(std::string_view name);

/// All names without parameters, for messages and `ntkflow keys`; each is one that activation()
/// takes.
std::vector<std::string> activation_names();

}  // namespace ntkflow
