#include "ntkflow/config/text_types.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"
#include "ntkflow/network/activation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

namespace ntkflow {
namespace {

constexpr std::size_t most_path_bytes = 4096;

std::string normal_path(std::string_view text) {
  std::string path = std::filesystem::path(text).lexically_normal().string();
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  if (path.size() > most_path_bytes)
    refuse_value(fmt::format("a path of at most {} bytes", most_path_bytes));
  if (trim(path) != path) refuse_value("a path without blanks at its ends");
  return path;
}

}  // namespace

ValueType<std::string> line_of_text() {
  return {"text", [](std::string_view text) { return std::string(text); },
          [](const std::string& text) { return text; }};
}

ValueType<std::string> layer_list() {
  ValueType<std::string> type = line_of_text();
  type.needed =
      "comma-separated layers such as fc:W, fc:64:activation=erf, conv:32:3x3 or avgpool:2x2";
  type.parse = [](std::string_view text) {
    return fmt::format("{}", fmt::join(split(text, ','), ", "));
  };
  return type;
}

ValueType<std::string> readout_text() {
  ValueType<std::string> type = line_of_text();
  type.needed = "a readout such as dense, dense:init=signs, flatten or average";
  return type;
}

ValueType<std::string> activation_text() {
  ValueType<std::string> type = line_of_text();
  const std::vector<std::string> names = activation_names();
  type.needed = alternatives(names) + ", leaky_relu also with its slope, as in leaky_relu:0.2";
  type.parse = [names, needed = type.needed](std::string_view text) {
    try {
      return std::string(activation(text).name());
    } catch (const ConfigError&) {
      refuse_value(needed + did_you_mean(text, names));
    }
  };
  return type;
}

ValueType<std::string> output_file() {
  ValueType<std::string> type = line_of_text();
  type.needed = "a file name";
  type.parse = [](std::string_view text) {
    if (text.ends_with('/') || text.size() > most_path_bytes) refuse_value("a file name");
    return std::string(text);
  };
  return type;
}

ValueType<std::string> input_folder() {
  ValueType<std::string> type = line_of_text();
  type.needed = "a folder";
  type.parse = normal_path;
  type.is_path = true;
  return type;
}

ValueType<DatasetPath> dataset_path() {
  static constexpr std::string_view needed = "FILE:/PATH, a dataset inside an HDF5 file";
  const auto parse = [](std::string_view text) {
    const std::size_t colon = text.rfind(":/");
    const bool has_file = colon != std::string_view::npos && colon > 0 && text[colon - 1] != '/';
    if (!has_file || colon + 2 == text.size()) refuse_value(std::string(needed));
    return DatasetPath{normal_path(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  };
  const auto print = [](const DatasetPath& dataset) {
    return dataset.given() ? dataset.file + ":" + dataset.path : std::string();
  };
  return {std::string(needed), parse, print, true};
}

ValueType<std::string> one_of_names(std::vector<std::string> names) {
  ValueType<std::string> type = line_of_text();
  type.needed = alternatives(names);
  type.parse = [names, needed = type.needed](std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) refuse_value(needed + did_you_mean(text, names));
    return *found;
  };
  return type;
}

ValueType<bool> yes_no() {
  return one_of<bool>({{"yes", true}, {"no", false}});
}

std::string alternatives(std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace ntkflow
