#include "ntkflow/config/operator_types.hpp"

#include "ntkflow/base/text.hpp"
#include "ntkflow/config/number_types.hpp"
#include "ntkflow/config/text_types.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

constexpr Index most_draws = 10000;
constexpr std::string_view by_draws = "monte_carlo:";

bool names_a_file(std::string_view text) {
  return text.find(":/") != std::string_view::npos;
}

ReferenceKernel parse_kernel(std::string_view text, const std::string& needed) {
  if (text == "analytic") return {};
  if (text == "initial") return {.source = KernelSource::initial};
  if (names_a_file(text))
    return {.source = KernelSource::file, .matrix = dataset_path().parse(text)};
  if (!text.starts_with(by_draws))
    refuse_value(needed + did_you_mean(text, std::vector<std::string>{"analytic", "initial"}));
  const auto draws = parse_integer(text.substr(by_draws.size()));
  if (!draws || *draws < 1 || *draws > most_draws)
    refuse_value(fmt::format("monte_carlo:DRAWS with 1 to {} draws", most_draws));
  return {.source = KernelSource::monte_carlo, .draws = *draws};
}

std::string print_kernel(const ReferenceKernel& kernel) {
  switch (kernel.source) {
    case KernelSource::initial:
      return "initial";
    case KernelSource::monte_carlo:
      return fmt::format("{}{}", by_draws, kernel.draws);
    case KernelSource::file:
      return dataset_path().print(kernel.matrix);
    default:
      return "analytic";
  }
}

}  // namespace

ValueType<ReferenceKernel> reference_kernel() {
  const std::string needed =
      "analytic, initial, monte_carlo:DRAWS or FILE:/PATH, a dataset inside an HDF5 file";
  return {needed, [needed](std::string_view text) { return parse_kernel(text, needed); },
          print_kernel, names_a_file};
}

}  // namespace ntkflow
