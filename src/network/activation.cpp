#include "ntkflow/network/activation.hpp"

#include "base/vector_math.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>
#include <mutex>
#include <numbers>

namespace ntkflow {
namespace {

// An activation is one formula: its name, symmetry, slopes (where it is positively homogeneous),
// and value and derivative at a point. To add one, write it here and list it in entries().
struct Jet {
  double value;
  double derivative;
};

// ReLU and its family. The comparison is written so that a NaN is passed on.
struct TwoSlopes {
  Slopes both;
  Parity parity() const {
    if (both.negative == both.positive) return Parity::odd;
    return both.negative == -both.positive ? Parity::even : Parity::none;
  }
  std::optional<Slopes> slopes() const { return both; }
  Jet jet(double z) const {
    const double slope = z > 0.0 ? both.positive : both.negative;
    return {slope * z, slope};
  }
};

template <Parity symmetry>
struct Smooth {
  static constexpr Parity parity() { return symmetry; }
  static constexpr std::optional<Slopes> slopes() { return std::nullopt; }
};

struct Tanh : Smooth<Parity::odd> {
  static Jet jet(double z) {
    const double t = tanh(z);
    return {t, 1.0 - t * t};
  }
};

struct Erf : Smooth<Parity::odd> {
  static Jet jet(double z) { return {erf(z), 2.0 * std::numbers::inv_sqrtpi * exp(-z * z)}; }
};

// A sine and a cosine of one number would become a call that has no vector version; z + 0.0 is
// another number to the compiler.
struct Sin : Smooth<Parity::odd> {
  static Jet jet(double z) { return {sin(z), cos(z + 0.0)}; }
};

struct Cos : Smooth<Parity::even> {
  static Jet jet(double z) { return {cos(z), -sin(z + 0.0)}; }
};

// z Phi(z), by erfc: exact to rounding also where Phi is tiny.
struct Gelu : Smooth<Parity::none> {
  static Jet jet(double z) {
    constexpr double root_half = 1.0 / std::numbers::sqrt2;
    const double distribution = 0.5 * erfc(-z * root_half);
    const double density = root_half * std::numbers::inv_sqrtpi * exp(-0.5 * z * z);
    return {z * distribution, distribution + z * density};
  }
};

// sigmoid(z) and its derivative, without cancellation or overflow.
Jet sigmoid_jet(double z) {
  const double e = exp(-std::abs(z));
  const double larger = 1.0 / (1.0 + e);
  return {z > 0.0 ? larger : e * larger, e * larger * larger};
}

struct Sigmoid : Smooth<Parity::none> {
  static Jet jet(double z) { return sigmoid_jet(z); }
};

struct Softplus : Smooth<Parity::none> {
  static Jet jet(double z) {
    return {(z > 0.0 ? z : 0.0) + log1p(exp(-std::abs(z))), sigmoid_jet(z).value};
  }
};

struct Swish : Smooth<Parity::none> {
  static Jet jet(double z) {
    const Jet sigmoid = sigmoid_jet(z);
    return {z * sigmoid.value, sigmoid.value + z * sigmoid.derivative};
  }
};

// The loops of every activation. `omp simd` promises that an output either is z or does not touch
// it, which the compiler could not know.
template <typename Formula>
class Elementwise final : public Activation {
 public:
  Elementwise(std::string name, Formula formula) : name_(std::move(name)), formula_(formula) {}

  std::string_view name() const override { return name_; }
  Parity parity() const override { return formula_.parity(); }
  std::optional<Slopes> slopes() const override { return formula_.slopes(); }

  void value(const double* z, Index count, double* out) const override {
    const Formula formula = formula_;
#pragma omp simd
    for (Index i = 0; i < count; ++i) out[i] = formula.jet(z[i]).value;
  }

  void value_and_derivative(const double* z, Index count, double* value,
                            double* derivative) const override {
    const Formula formula = formula_;
#pragma omp simd
    for (Index i = 0; i < count; ++i) {
      const Jet jet = formula.jet(z[i]);
      value[i] = jet.value;
      derivative[i] = jet.derivative;
    }
  }

 private:
  std::string name_;
  Formula formula_;
};

using Maker = std::unique_ptr<Activation> (*)(const std::string& name, std::optional<double>);

template <typename Formula>
std::unique_ptr<Activation> make_plain(const std::string& name, std::optional<double>) {
  return std::make_unique<Elementwise<Formula>>(name, Formula{});
}

template <int negative, int positive>
std::unique_ptr<Activation> make_slopes(const std::string& name, std::optional<double>) {
  return std::make_unique<Elementwise<TwoSlopes>>(name, TwoSlopes{{negative, positive}});
}

std::unique_ptr<Activation> make_leaky(const std::string& name, std::optional<double> slope) {
  const double negative = slope.value_or(0.01);
  return std::make_unique<Elementwise<TwoSlopes>>(fmt::format("{}:{}", name, negative),
                                                  TwoSlopes{{negative, 1.0}});
}

struct Entry {
  Maker make;
  bool has_parameter = false;
};

const std::map<std::string, Entry, std::less<>>& entries() {
  static const std::map<std::string, Entry, std::less<>> table = {
      {"abs", {make_slopes<-1, 1>}},     {"cos", {make_plain<Cos>}},
      {"erf", {make_plain<Erf>}},        {"gelu", {make_plain<Gelu>}},
      {"identity", {make_slopes<1, 1>}}, {"leaky_relu", {make_leaky, true}},
      {"relu", {make_slopes<0, 1>}},     {"sigmoid", {make_plain<Sigmoid>}},
      {"sin", {make_plain<Sin>}},        {"softplus", {make_plain<Softplus>}},
      {"swish", {make_plain<Swish>}},    {"tanh", {make_plain<Tanh>}},
  };
  return table;
}

std::unique_ptr<Activation> make_activation(std::string_view text) {
  const auto colon = text.find(':');
  const std::string name(trim(text.substr(0, colon)));
  const auto entry = entries().find(name);
  if (entry == entries().end()) {
    const auto names = activation_names();
    throw ConfigError(fmt::format("unknown activation '{}'{}; allowed: {}", text,
                                  did_you_mean(name, names), fmt::join(names, ", ")));
  }
  std::optional<double> parameter;
  if (colon != std::string_view::npos) {
    if (!entry->second.has_parameter)
      throw ConfigError(fmt::format("activation '{}': {} has no parameter", text, name));
    parameter = parse_double(text.substr(colon + 1));
    if (!parameter)
      throw ConfigError(fmt::format("activation '{}': need a number behind the colon", text));
  }
  return entry->second.make(name, parameter);
}

}  // namespace

const Activation& activation(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Activation>, std::less<>> made;
  const std::lock_guard lock(mutex);
  if (const auto found = made.find(name); found != made.end()) return *found->second;
  auto activation = make_activation(name);
  std::string canonical(activation->name());
  return *made.try_emplace(std::move(canonical), std::move(activation)).first->second;
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries()) names.push_back(name);
  return names;
}

}  // namespace ntkflow
