#include "kernel/dual.hpp"

#include <ranges>

namespace ntkflow {
namespace {

struct ClosedForm {
  const char* activation;
  std::unique_ptr<Dual> (*make)();
};

// Smooth activations whose dual is a formula; it leaves the ends rounded.
constexpr ClosedForm closed_forms[] = {{"erf", make_erf_dual},
                                       {"sin", make_sine_dual},
                                       {"cos", make_cosine_dual},
                                       {"gelu", make_gelu_dual}};

std::unique_ptr<Dual> make_smooth_dual(const Activation& omega, Ends ends) {
  if (ends == Ends::rounded)
    for (const ClosedForm& form : closed_forms)
      if (omega.name() == form.activation) return form.make();
  return make_series_dual(omega, ends);
}

}  // namespace

std::vector<LayerDual> make_duals(const std::vector<const Activation*>& activations) {
  std::vector<LayerDual> duals(activations.size());
  Ends ends = Ends::rounded;
  for (std::size_t l = activations.size(); l-- > 0;) {
    const Activation& omega = *activations[l];
    if (const auto slopes = omega.slopes()) {
      duals[l].dual = make_slopes_dual(*slopes);
      if (slopes->negative != slopes->positive) ends = Ends::exact;
    } else {
      duals[l].dual = make_smooth_dual(omega, ends);
    }
    duals[l].ends = ends;
  }
  return duals;
}

}  // namespace ntkflow
