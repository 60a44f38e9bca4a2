#include "ntkflow/config/key_names.hpp"

#include "ntkflow/config/key_table.hpp"

#include "ntkflow/base/text.hpp"

#include <algorithm>

namespace ntkflow {

const Key* find_key(std::string_view name) {
  const auto found = std::ranges::find(key_table(), name, &Key::name);
  return found == key_table().end() ? nullptr : &*found;
}

std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const Key& key : key_table()) names.push_back(key.name);
  return names;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Key& key : key_table()) {
    const std::string section(section_of(key.name));
    if (!section.empty() && std::ranges::find(names, section) == names.end())
      names.push_back(section);
  }
  return names;
}

std::string_view section_of(std::string_view key_name) {
  const std::size_t dot = key_name.find('.');
  return dot == std::string_view::npos ? std::string_view() : key_name.substr(0, dot);
}

std::string_view word_of(std::string_view key_name) {
  return key_name.substr(key_name.find('.') + 1);
}

std::string suggested_key(std::string_view unknown) {
  // The right word in the wrong section is likelier than a misspelling of both.
  for (const Key& key : key_table())
    if (word_of(key.name) == word_of(unknown)) return " (did you mean '" + key.name + "'?)";
  constexpr std::size_t longest_key = 60;
  return did_you_mean(unknown.substr(0, longest_key), key_names());
}

}  // namespace ntkflow
