#include "ntkflow/network/activation.hpp"

#include "base/vector_math.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <numbers>

namespace ntkflow {
namespace {

struct Jet {
  double value;
  double derivative;
};

// The comparison is written so that a NaN is passed on.
struct Relu {
  static constexpr std::string_view name = "relu";
  static Jet jet(double z) { return {z < 0.0 ? 0.0 : z, z > 0.0 ? 1.0 : 0.0}; }
};

struct Tanh {
  static constexpr std::string_view name = "tanh";
  static Jet jet(double z) {
    const double t = tanh(z);
    return {t, 1.0 - t * t};
  }
};

struct Erf {
  static constexpr std::string_view name = "erf";
  static Jet jet(double z) { return {erf(z), 2.0 * std::numbers::inv_sqrtpi * exp(-z * z)}; }
};

// The loops of every activation. `omp simd` promises that an output either is z or does not touch
// it, which the compiler could not know.
template <typename Formula>
class Elementwise final : public Activation {
 public:
  std::string_view name() const override { return Formula::name; }

  void value(const double* z, Index count, double* out) const override {
#pragma omp simd
    for (Index i = 0; i < count; ++i) out[i] = Formula::jet(z[i]).value;
  }

  void value_and_derivative(const double* z, Index count, double* value,
                            double* derivative) const override {
#pragma omp simd
    for (Index i = 0; i < count; ++i) {
      const Jet jet = Formula::jet(z[i]);
      value[i] = jet.value;
      derivative[i] = jet.derivative;
    }
  }
};

const std::array<const Activation*, 3>& activations() {
  static const Elementwise<Relu> relu;
  static const Elementwise<Tanh> tanh;
  static const Elementwise<Erf> erf;
  static const std::array<const Activation*, 3> all = {&relu, &tanh, &erf};
  return all;
}

}  // namespace

const Activation& activation(std::string_view name) {
  for (const Activation* candidate : activations())
    if (candidate->name() == name) return *candidate;
  const auto names = activation_names();
  throw ConfigError(fmt::format("unknown activation '{}'{}; allowed: {}", name,
                                did_you_mean(name, names), fmt::join(names, ", ")));
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const Activation* each : activations()) names.emplace_back(each->name());
  return names;
}

}  // namespace ntkflow
