#pragma once

#include "ntkflow/config/key.hpp"
#include "ntkflow/config/value_type.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ntkflow {

/// `field` leads from a job, const or not, to the value.
template <typename T, typename Field>
Key make_key(std::string name, Field field, const ValueType<T>& type, std::string meaning) {
  Key key{std::move(name), type.needed, std::move(meaning), type.is_path, {}, {}, {}};
  key.set = [field, type](JobConfig& job, std::string_view text) { field(job) = type.parse(text); };
  key.text = [field, type](const JobConfig& job) { return type.print(field(job)); };
  return key;
}

/// Appends to the table a key whose value is a member of the job itself.
template <typename T>
Key& add_key(std::vector<Key>& keys, std::string name, T JobConfig::*value,
             const ValueType<T>& type, std::string meaning) {
  const auto field = [value](auto& job) -> auto& {
    return job.*value;
  };
  return keys.emplace_back(make_key(std::move(name), field, type, std::move(meaning)));
}

/// Appends to the table the keys of one section, whose values are members of one member of the job.
template <typename Spec>
class Section {
 public:
  Section(std::vector<Key>& keys, std::string name, Spec JobConfig::*spec)
      : keys_(keys), name_(std::move(name)), spec_(spec) {}

  /// The reference lives until the next key.
  template <typename T>
  Key& key(const std::string& name, T Spec::*value, const ValueType<T>& type, std::string meaning) {
    const auto field = [ spec = spec_, value ](auto& job) -> auto& {
      return job.*spec.*value;
    };
    return keys_.emplace_back(make_key(name_ + "." + name, field, type, std::move(meaning)));
  }

 private:
  std::vector<Key>& keys_;
  std::string name_;
  Spec JobConfig::*spec_;
};

}  // namespace ntkflow
