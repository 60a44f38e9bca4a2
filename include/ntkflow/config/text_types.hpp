#pragma once

#include "ntkflow/config/value_type.hpp"

#include "ntkflow/input/input_spec.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ntkflow {

ValueType<std::string> line_of_text();
ValueType<std::string> layer_list();
ValueType<std::string> readout_text();
ValueType<std::string> activation_text();
ValueType<std::string> output_file();
ValueType<std::string> input_folder();
ValueType<DatasetPath> dataset_path();
ValueType<std::string> one_of_names(std::vector<std::string> names);

/// A word for each value of an enumeration.
template <typename Enum>
ValueType<Enum> one_of(std::vector<std::pair<std::string, Enum>> words) {
  std::vector<std::string> names;
  for (const auto& word : words) names.push_back(word.first);
  const ValueType<std::string> name = one_of_names(names);
  const auto parse = [words, names, name](std::string_view text) {
    const std::string wanted = name.parse(text);
    return words[static_cast<std::size_t>(std::ranges::find(names, wanted) - names.begin())].second;
  };
  const auto print = [words](const Enum& wanted) {
    return std::ranges::find(words, wanted, &std::pair<std::string, Enum>::second)->first;
  };
  return {name.needed, parse, print};
}

ValueType<bool> yes_no();

/// "circle, dataset or points"
std::string alternatives(std::span<const std::string> names);

}  // namespace ntkflow
