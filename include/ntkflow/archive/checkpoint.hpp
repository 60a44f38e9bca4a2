#pragma once

#include "ntkflow/archive/archive.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ntkflow {

/// One named part of a state. Numbers and Vectors are the same on every rank, ShardedVectors are
/// stored whole, so that any number of ranks can take them up.
struct StateField {
  std::string name;
  std::variant<double*, Index*, Vector*, ShardedVector*> value;

  Index count() const;
};

/// The fields of any state with visit_fields(state, field), field being called as
/// field("name", member).
template <typename State>
std::vector<StateField> fields_of(State& state) {
  std::vector<StateField> fields;
  visit_fields(state, [&fields](std::string_view name, auto& member) {
    fields.push_back({std::string(name), &member});
  });
  return fields;
}

/// /checkpoint/slot0 and slot1 for the fields of a state of the final sizes.
void add_checkpoint(Schema& schema, const std::vector<StateField>& fields);

/// The two checkpoint slots of an archive, written in turn: whatever happens during a save, the
/// other slot still holds the state before. All functions are collective.
class Checkpoint {
 public:
  /// Looks for the newest slot whose marker and data are good. Keeps a reference to the archive.
  explicit Checkpoint(Archive& archive);

  /// Whether there is anything to resume from.
  bool available() const { return newest_.has_value(); }

  /// Writes the older slot and commits it.
  template <typename State>
  void save(State& state) {
    save_fields(fields_of(state));
  }

  /// Puts the newest good state into `state`, which has the sizes of that state already.
  /// Returns false, and leaves the state alone, when no slot is good.
  /// Throws: Error (mismatch) when a field is missing or has another size.
  template <typename State>
  [[nodiscard]] bool load(State& state) const {
    return load_fields(fields_of(state));
  }

 private:
  void save_fields(const std::vector<StateField>& fields);
  bool load_fields(const std::vector<StateField>& fields) const;

  Archive* archive_;
  std::optional<int> newest_;  // slot
  Index sequence_ = 0;         // the highest number a slot has had
};

}  // namespace ntkflow
