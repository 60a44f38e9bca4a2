#include "ntkflow/base/rounding.hpp"

#include <cmath>

namespace ntkflow {

double round_for_decision(double value) {
  constexpr int bits = 20;
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);
  return std::ldexp(std::round(std::ldexp(mantissa, bits)), exponent - bits);
}

}  // namespace ntkflow
